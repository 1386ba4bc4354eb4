from django.db import models
from django.utils.translation import gettext_lazy as _

from velory.one_row import OneRow


class RepairSettings(OneRow):
    """How this company repairs: one row. `routine` is said to whoever reports a fault; empty, a usual line is."""

    routine = models.TextField(_("repair routine"), max_length=1000, blank=True)
    loan_days = models.PositiveSmallIntegerField(_("days for which a device is lent"), default=14)

    class Meta:
        verbose_name = _("repair settings")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="repair_settings_one_row")]
