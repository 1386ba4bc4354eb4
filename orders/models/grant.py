from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class GrantQuerySet(models.QuerySet):
    """What one can say of grants."""

    def open(self):
        """Those that hold now."""
        return self.filter(until_at=None)

    def of(self, person):
        """A person's, the newest first."""
        return self.filter(person=person).order_by("-from_at", "-pk")


class Grant(models.Model):
    """Who has which budget, from when to when (UTC). Open while `until_at` is empty; a person has one at most."""

    class How(models.TextChoices):
        HAND = "hand", _("By hand")
        RULE = "rule", _("By a rule")
        DEFAULT = "default", _("By default")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="grants")
    budget = models.ForeignKey("orders.Budget", models.PROTECT, related_name="grants")
    how = models.CharField(max_length=10, choices=How)
    rule = models.ForeignKey("orders.Rule", models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=200, blank=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("grant")
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(until_at=None), name="grant_one_open_a_person"
            ),
            models.CheckConstraint(
                condition=models.Q(until_at=None) | models.Q(until_at__gte=models.F("from_at")),
                name="grant_moments_in_order",
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.budget}"
