"""The company's identity providers, who is known to them by which name, and whether passwords are used here."""

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from velory import sealing
from velory.journal.deeds import refuse_stale, see_anew, write
from velory.one_row import OneRow
from velory.references import reference

SALT = "federated.provider"


def provider_reference() -> str:
    """An identity provider's reference."""
    return reference("ID")


class SignInSettings(OneRow):
    """Whether people sign in with passwords here: one row. A code by mail always works."""

    has_passwords = models.BooleanField(
        _("People can sign in with a password"), default=True,
        help_text=_("Without it: a code by mail, a passkey, or a provider that is on."),
    )  # fmt: skip

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="sign_in_settings_one_row")]
        verbose_name = _("sign-in settings")

    def turn(self, on: bool, *, by, at, operator: str = "") -> bool:
        """Passwords are used from now on, or are not; whether that changes anything. `operator`: from the console."""
        with transaction.atomic():
            held = type(self).objects.select_for_update().get(pk=self.to_change().pk)
            if held.has_passwords == on:
                return False
            held.has_passwords = on
            held.save(update_fields=["has_passwords"])
            deed = "turn_passwords_on" if on else "turn_passwords_off"
            write(held, deed, by=by, at=at, details={"operator": operator} if operator else {})
        return True


class IdentityProviderQuerySet(models.QuerySet):
    """What one can say of identity providers."""

    def on(self):
        """Those that one can sign in with, in the order in which they were set up."""
        return self.filter(is_on=True).order_by("pk")


class IdentityProvider(models.Model):
    """Where the company's people are signed in elsewhere: one issuer, and what Velory is called there."""

    ref = models.CharField(max_length=12, unique=True, default=provider_reference, editable=False)
    name = models.CharField(
        _("Name on the button"), max_length=40, help_text=_("As people know it: Microsoft, Google, the intranet.")
    )
    issuer = models.CharField(
        _("Issuer"), max_length=200, unique=True,
        help_text=_("The address by which the provider calls itself, letter by letter."),
    )  # fmt: skip
    client_id = models.CharField(_("Client ID"), max_length=200)
    sealed_secret = models.TextField(editable=False)
    is_on = models.BooleanField(_("People can sign in with it"), default=False)
    asks_for_two = models.BooleanField(
        _("It asks everybody for two factors"), default=False,
        help_text=_(
            "Then Velory asks for none of its own. Without this it asks those who have one or must have one, unless "
            "the provider says of a sign-in that two were used."
        ),
    )  # fmt: skip
    domains = models.JSONField(_("E-mail domains"), default=list, blank=True)

    objects = IdentityProviderQuerySet.as_manager()

    class Meta:
        verbose_name = _("identity provider")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("federated:provider", args=[self.ref])

    @property
    def secret(self) -> str:
        """What Velory shows the provider; empty where our key does not open it any more."""
        return sealing.unseal(self.sealed_secret, salt=SALT) or ""

    @classmethod
    def set_up(cls, *, secret: str, by, at, **facts) -> "IdentityProvider":
        """A provider that nobody can sign in with yet: it is tried first, and then turned on."""
        with transaction.atomic():
            made = cls.objects.create(sealed_secret=sealing.seal(secret, salt=SALT), **facts)
            write(made, "set_up", by=by, at=at)
        return made

    def change(self, *, by, at, version=None, secret: str = "", **facts) -> bool:
        """Other facts, and another secret where one is given. Whether anything changed; Refused where it is stale.

        Another issuer is another provider: whoever was known to the former has to be linked anew.
        """
        with transaction.atomic():
            before = self._hold(version)
            changes = {
                name: [_plain(getattr(before, name)), _plain(value)]
                for name, value in facts.items()
                if getattr(before, name) != value
            }
            for name in changes:
                setattr(self, name, facts[name])
            if secret:
                self.sealed_secret = sealing.seal(secret, salt=SALT)
                write(self, "change_secret", by=by, at=at)
            if changes:
                write(self, "change", by=by, at=at, details={"changes": changes})
            self.save(update_fields=["sealed_secret", *changes])
        return bool(changes or secret)

    def turn(self, on: bool, *, by, at) -> None:
        """People can sign in with it from now on, or cannot."""
        with transaction.atomic():
            if self._hold().is_on != on:
                self.is_on = on
                self.save(update_fields=["is_on"])
                write(self, "turn_on" if on else "turn_off", by=by, at=at)

    def remove(self, *, by, at) -> None:
        """It is not used any more; nobody is known to it any longer."""
        with transaction.atomic():
            self._hold()
            gone = Identity.objects.filter(issuer=self.issuer).delete()[0]
            write(self, "remove", by=by, at=at, details={"people": gone})
            self.delete()

    def _hold(self, version=None):
        before = type(self).objects.select_for_update().get(pk=self.pk)
        refuse_stale(self, version)
        see_anew(self, before)
        return before


class Identity(models.Model):
    """By which name an issuer knows a person of this company: the issuer and its `sub`, never an e-mail (R65)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=255)
    called = models.CharField(max_length=254, blank=True)  # what the provider calls them, to be read and not relied on
    linked_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_once"),
            models.UniqueConstraint(fields=["issuer", "person"], name="identity_one_of_an_issuer"),
        ]
        verbose_name = _("linked sign-in")

    def __str__(self):
        return self.called or self.subject


def _plain(value):
    return ", ".join(value) if isinstance(value, list) else value
