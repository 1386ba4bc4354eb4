"""The erasing of a company, in `public`: how far it is, which hosts are kept free after it, and what is left of it."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from velory.references import reference
from velory.tenancy.models import Company

FETCH = timedelta(days=7)  # the company stays open so long once it is confirmed: to fetch its export
QUARANTINE = timedelta(days=30)  # closed, and nothing is gone yet
REMIND = timedelta(days=7)  # before it is erased
KEPT = timedelta(days=365)  # nobody else opens at its hosts


def erasure_reference() -> str:
    """An erasure's reference."""
    return reference("X")


class ErasureQuerySet(models.QuerySet):
    """What one can say of erasures."""

    def under_way(self):
        """Asked for, and neither called off nor done."""
        return self.exclude(state=Erasure.State.CALLED_OFF)

    def of(self, company):
        """Of one company."""
        return self.filter(company=company)

    def asked(self):
        """Nobody has confirmed it."""
        return self.filter(state=Erasure.State.ASKED)


class Erasure(models.Model):
    """The erasing of one company, from the question to the end; then this row is gone too. Moments are UTC."""

    class State(models.TextChoices):
        ASKED = "asked", _("Waiting for a second person")
        CONFIRMED = "confirmed", _("Confirmed, the company is still open")
        QUARANTINE = "quarantine", _("In quarantine")
        ERASING = "erasing", _("Being erased")
        CALLED_OFF = "called_off", _("Called off")

    ref = models.CharField(max_length=12, unique=True, default=erasure_reference, editable=False)
    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.ASKED)
    reason = models.CharField(max_length=500)
    asked_by_ref = models.CharField(max_length=12)
    asked_by_name = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    confirmed_by_name = models.CharField(max_length=200, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    erases_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=200, blank=True)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=~models.Q(state="called_off"), name="erasure_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["quarantine", "erasing"])
                | (models.Q(confirmed_at__isnull=False) & models.Q(erases_at__gte=models.F("closed_at") + QUARANTINE)),
                name="erasure_waits_thirty_days",
            ),
        ]

    def __str__(self):
        return self.ref

    @property
    def is_under_way(self) -> bool:
        """Whether it can still come to its end."""
        return self.state != self.State.CALLED_OFF

    @property
    def can_be_called_off(self) -> bool:
        """Until the agenda begins to drop things."""
        return self.state in {self.State.ASKED, self.State.CONFIRMED, self.State.QUARANTINE}


class KeptHost(models.Model):
    """A host, or a short name, of a company that is gone: nobody opens there until a moment, so that no old link or
    cookie meets somebody else."""

    host = models.CharField(max_length=253, unique=True)  # a short name has no dot
    until = models.DateTimeField()

    def __str__(self):
        return self.host

    @classmethod
    def is_kept(cls, name: str, *, at) -> bool:
        """Whether a host or a short name is still kept free."""
        return cls.objects.filter(host=name, until__gt=at).exists()


class Tombstone(models.Model):
    """What is left of a company: that there was one, when it was erased, and a digest of the facts. No name.

    Whoever holds the facts (name, short name, hosts, the day it opened, who asked and confirmed, in that order) can
    show that it is this company that was erased; nobody can read them from it.
    """

    company_uuid = models.UUIDField(unique=True)
    opened_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    erased_at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    def __str__(self):
        return str(self.company_uuid)
