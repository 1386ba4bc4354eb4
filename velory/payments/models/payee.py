from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from velory.journal.reason import Reason

COMPANY = "company"  # the key of the company itself, as one who is paid


def key_of_partner(ref: str) -> str:
    """The key under which a partner is paid."""
    return f"partner/{ref}"


class PayeeQuerySet(models.QuerySet):
    """What one can say of payees."""

    def of(self, key: str):
        """The payee under a key, or None."""
        return self.filter(key=key).first()

    def at_account(self, account: str):
        """Those who are paid on an account: several, where one account serves several."""
        return self.filter(account=account).exclude(account="")

    def accounts_ever_paid(self) -> list[str]:
        """Every account to which an attempt was made, also one that a payee has left."""
        from velory.payments.models.attempt import Attempt

        return sorted(set(Attempt.objects.values_list("account", flat=True)))

    def needing_attention(self):
        """Disconnected, or connected and not yet able to take money."""
        return self.exclude(account="").exclude(disconnected_at=None, charges_enabled=True)


class Payee(models.Model):
    """Who is paid: the company itself or one of its partners, each on an account of its own at Stripe.

    The money never passes through Velory: a payment is charged directly on `account`. Moments are UTC.
    """

    key = models.CharField(max_length=60, unique=True)
    name = models.CharField(gettext_lazy("name"), max_length=200)
    account = models.CharField(gettext_lazy("account at Stripe"), max_length=60, blank=True)
    charges_enabled = models.BooleanField(default=False)
    connected_at = models.DateTimeField(null=True)
    disconnected_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)

    objects = PayeeQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("payee")
        indexes = [models.Index(fields=["account"], name="payee_account")]

    def __str__(self):
        return self.name

    @property
    def ref(self) -> str:
        """What it is called in the journal."""
        return self.key

    @property
    def takes_money(self) -> Reason | None:
        """None where payments can be made to this payee now, else why not."""
        from velory.payments import gateway
        from velory.payments.reasons import not_set_up

        if not gateway.set_up():
            return not_set_up()
        if not self.account:
            return Reason(
                "payee_missing", _("%s has not connected an account for payments yet.") % self.name, who=_("an admin")
            )
        if self.disconnected_at:
            return Reason(
                "payee_gone", _("%s has disconnected its account for payments.") % self.name, who=_("an admin")
            )
        if not self.charges_enabled:
            return Reason("payee_not_ready", _("%s cannot take card payments yet.") % self.name, who=_("an admin"))
        return None
