from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from velory.journal.models import Entry
from velory.references import reference


def trade_in_reference() -> str:
    """A trade-in's reference."""
    return reference("E")


class TradeInQuerySet(models.QuerySet):
    """What one can say of trade-ins."""

    def open(self):
        """Neither traded in nor withdrawn."""
        return self.filter(closed_at=None)

    def of(self, device):
        """The trade-ins of a device."""
        return self.filter(device=device)

    def answered(self):
        """Open, and the buyer has said a value or does not want it: an admin decides."""
        return self.open().exclude(answered_at=None)

    def money_expected(self):
        """Traded in for money that nobody has seen yet."""
        return self.filter(completed=True, money_on=None, final_value__gt=0)

    def newest_first(self):
        """For pages."""
        return self.order_by("-sent_at", "-pk")

    def with_what_a_list_shows(self):
        """For pages: no further query a row."""
        return self.select_related("device__category", "buyer")


class TradeIn(models.Model):
    """A device that a partner may buy from the company, with what was said of its condition. Moments are UTC.

    Values are what the company gets for it, in `currency`: the preliminary one from the admin, the final one from the
    buyer, who has looked at it. `money_on` and `money` are what the company's books say.
    """

    ref = models.CharField(max_length=12, unique=True, default=trade_in_reference, editable=False)
    device = models.ForeignKey("assets.Device", models.PROTECT, related_name="trade_ins")
    buyer = models.ForeignKey("assets.Partner", models.PROTECT, related_name="trade_ins", verbose_name=_("buyer"))
    condition = models.JSONField(default=dict)
    remark = models.TextField(max_length=1000, blank=True)
    preliminary_value = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    final_value = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)
    declined = models.BooleanField(default=False)
    answer = models.TextField(max_length=1000, blank=True)
    sent_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    completed = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    money_on = models.DateField(_("money received"), null=True)
    money = models.DecimalField(max_digits=12, decimal_places=2, null=True)

    objects = TradeInQuerySet.as_manager()

    class Meta:
        verbose_name = _("trade-in")
        constraints = [
            models.UniqueConstraint(fields=["device"], condition=models.Q(closed_at=None), name="trade_in_open_once"),
            models.CheckConstraint(
                condition=(models.Q(preliminary_value=None) | models.Q(preliminary_value__gte=0))
                & (models.Q(final_value=None) | models.Q(final_value__gte=0))
                & (models.Q(money=None) | models.Q(money__gte=0)),
                name="trade_in_values",
            ),
            models.CheckConstraint(
                condition=models.Q(completed=False) | models.Q(closed_at__isnull=False),
                name="trade_in_completed_is_over",
            ),
            models.CheckConstraint(
                condition=models.Q(declined=False) | models.Q(final_value=None), name="trade_in_declined_has_no_value"
            ),
        ]
        indexes = [models.Index(fields=["-sent_at", "-id"], name="trade_in_newest")]

    def __str__(self):
        return self.ref

    def get_absolute_url(self):
        return reverse("repairs:trade_in", args=[self.ref])

    @property
    def journal(self):
        """What happened to it besides the device's own steps."""
        return Entry.objects.about(self)

    @property
    def is_open(self) -> bool:
        """Whether it is neither traded in nor withdrawn."""
        return self.closed_at is None

    @property
    def standing(self) -> str | Promise:
        """Where it stands, in words."""
        if self.completed:
            return _("Money received") if self.money_on else _("Traded in")
        if not self.is_open:
            return _("Withdrawn")
        if self.declined:
            return _("Not wanted")
        return _("Waits for your answer") if self.answered_at else _("With the buyer")
