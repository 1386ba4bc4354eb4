"""Of whom a company asks two factors: one row."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from velory.one_row import OneRow


class FactorSettings(OneRow):
    """Of whom this company asks a second factor when they sign in. Whoever has one is asked for it in any case."""

    class Asked(models.TextChoices):
        NOBODY = "nobody", _("Nobody: everybody may set it up for themselves")
        ADMINS = "admins", _("Admins")
        EVERYONE = "everyone", _("Everybody")

    asked_of = models.CharField(
        _("Two-factor is asked of"), max_length=10, choices=Asked, default=Asked.NOBODY,
        help_text=_(
            "Whoever must have it and has none sets it up the next time they open a page, before anything else. "
            "Where your identity provider answers for two factors, it is the provider’s matter."
        ),
    )  # fmt: skip

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="factor_settings_one_row")]
        verbose_name = _("two-factor settings")
