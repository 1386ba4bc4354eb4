from django.db import models
from django.utils.translation import gettext_lazy as _


class HandOvers:
    """Who had devices and who has them from now on, gathered while a step is taken of many, and written for all."""

    def __init__(self):
        self.ended: list[int] = []
        self.begun: list[Holding] = []

    def write(self, at) -> None:
        """Two statements, however many they are."""
        Holding.objects.filter(device__in=self.ended, until_at=None).update(until_at=at)
        Holding.objects.bulk_create(self.begun)


class Holding(models.Model):
    """Who had a device, from when to when (UTC): a person or a space, never both. Open while `until_at` is empty."""

    device = models.ForeignKey("assets.Device", models.CASCADE, related_name="holdings")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="holdings")
    space = models.ForeignKey("assets.Space", models.PROTECT, null=True, related_name="holdings")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("holding")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person=None, space__isnull=False) | models.Q(person__isnull=False, space=None),
                name="holding_person_or_space",
            ),
            models.UniqueConstraint(fields=["device"], condition=models.Q(until_at=None), name="holding_one_open"),
            models.CheckConstraint(
                condition=models.Q(until_at=None) | models.Q(until_at__gte=models.F("from_at")),
                name="holding_moments_in_order",
            ),
        ]

    def __str__(self):
        return str(self.person or self.space)
