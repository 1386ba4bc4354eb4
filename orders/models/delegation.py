from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DelegationQuerySet(models.QuerySet):
    """What one can say of delegations."""

    def on(self, today):
        """Those of a local date."""
        return self.filter(from_on__lte=today, until_on__gte=today)

    def not_over(self, today):
        """Those of a local date and of later ones, the soonest first."""
        return self.filter(until_on__gte=today).order_by("from_on", "pk")


class Delegation(models.Model):
    """Who answers requests in somebody's place, from one local date to another, both included."""

    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="delegations")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField()

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        constraints = [
            models.CheckConstraint(condition=models.Q(until_on__gte=models.F("from_on")), name="delegation_in_order"),
            models.CheckConstraint(condition=~models.Q(approver=models.F("deputy")), name="delegation_to_another"),
        ]

    def __str__(self):
        return f"{self.approver}: {self.deputy}"
