"""What is due, for which company, when. The one platform table that drives everything that happens by itself.

It holds no personal data: a kind, a reference that means something inside the company, and a moment.
"""

from django.db import models


class Due(models.Model):
    """One thing to do for one company at a moment (UTC). Unique by company, kind and reference."""

    company = models.ForeignKey("tenancy.Company", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    ref = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "kind", "ref"], name="due_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(parked_at=None), name="due_when"),
        ]

    def __str__(self):
        return f"{self.kind} {self.ref}"

    def begin_afresh(self, at) -> None:
        """Due at a moment as if it had never failed. The caller holds the row."""
        self.due_at, self.attempts, self.parked_at, self.fault, self.lease_until = at, 0, None, "", None
        self.revision += 1
        self.save()


class Heartbeat(models.Model):
    """When a process last showed that it lives (UTC, the machine's own clock)."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self):
        return self.name
