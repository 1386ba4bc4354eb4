from django.db import models
from django.utils.translation import gettext_lazy as _

from velory.one_row import OneRow


class AssetSettings(OneRow):
    """How this company shows and receives its devices: one row."""

    hide_company_assets = models.BooleanField(_("hide company assets from employees"), default=True)
    holder_may_receive = models.BooleanField(_("holders may mark a device as received"), default=True)

    class Meta:
        verbose_name = _("device settings")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="asset_settings_one_row")]
