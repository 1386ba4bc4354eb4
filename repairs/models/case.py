from datetime import date

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assets.models import Device
from velory import clock
from velory.journal.models import Entry
from velory.references import reference


def case_reference() -> str:
    """A repair case's reference."""
    return reference("R")


class CaseQuerySet(models.QuerySet):
    """What one can say of repair cases."""

    def open(self):
        """Those whose outcome is not known yet."""
        return self.filter(closed_at=None)

    def closed(self):
        """Those with an outcome."""
        return self.exclude(closed_at=None)

    def of(self, device):
        """The cases of a device."""
        return self.filter(device=device)

    def keeping_from(self, person, category):
        """The open cases of what a person had of a category: for their time something like it may be lent."""
        return self.open().filter(holder=person, device__category=category)

    def waiting(self):
        """Reported, and not taken in."""
        return self.open().filter(taken_in_at=None)

    def in_repair(self):
        """Taken in, and not closed."""
        return self.open().exclude(taken_in_at=None)

    def not_released(self):
        """In repair, and nobody has ticked off that MDM knows it no more."""
        return self.in_repair().filter(released_at=None)

    def newest_first(self):
        """For pages."""
        return self.order_by("-reported_at", "-pk")

    def with_what_a_list_shows(self):
        """For pages: a row is shown without a further query."""
        return self.select_related("device__category", "holder", "space", "replaced_by")


class Case(models.Model):
    """One fault of one device, from the report to the outcome (spec 4). Moments are UTC; `cost` is net, in `currency`.

    Who had the device and who paid for it before it was taken in stand here, so that one click brings both back.
    """

    class Outcome(models.TextChoices):
        NO_FAULT = "no_fault", _("No fault found")
        REPAIRED = "repaired", _("Repaired")
        RECYCLED = "recycled", _("Recycled")
        REPLACED = "replaced", _("Replaced")
        REMOVED = "removed", pgettext_lazy("repair", "Removed before repair")

    class Warranty(models.TextChoices):
        YES = "yes", _("Under warranty")
        NO = "no", _("Not under warranty")

    ref = models.CharField(max_length=12, unique=True, default=case_reference, editable=False)
    device = models.ForeignKey("assets.Device", models.PROTECT, related_name="cases", verbose_name=_("device"))
    fault = models.TextField(_("what is wrong"), max_length=2000, blank=True)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField()
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    space = models.ForeignKey("assets.Space", models.PROTECT, null=True, related_name="+")
    payor = models.CharField(max_length=10, choices=Device.Payor, blank=True)
    payor_cost_centre = models.CharField(max_length=40, blank=True)
    taken_in_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=200, blank=True)
    supplier = models.CharField(_("repaired by"), max_length=80, blank=True)
    warranty = models.CharField(_("warranty"), max_length=5, choices=Warranty, blank=True)
    cost = models.DecimalField(_("cost, net"), max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    expected_on = models.DateField(_("expected back"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    replaced_by = models.ForeignKey("assets.Device", models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("repair case")
        constraints = [
            models.UniqueConstraint(fields=["device"], condition=models.Q(closed_at=None), name="case_open_once"),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, outcome="")
                | (models.Q(closed_at__isnull=False) & ~models.Q(outcome="")),
                name="case_closed_with_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(replaced_by=None) | models.Q(outcome="replaced"), name="case_replaced_by"
            ),
            models.CheckConstraint(condition=models.Q(cost=None) | models.Q(cost__gte=0), name="case_cost"),
            models.CheckConstraint(condition=models.Q(holder=None) | models.Q(space=None), name="case_holder_or_space"),
        ]
        indexes = [
            models.Index(fields=["-reported_at", "-id"], name="case_newest"),
            models.Index(fields=["closed_at", "taken_in_at"], name="case_where"),
        ]

    def __str__(self):
        return self.ref

    def get_absolute_url(self):
        return reverse("repairs:case", args=[self.ref])

    @property
    def journal(self):
        """What happened to the case itself: its facts, the tick for MDM."""
        return Entry.objects.about(self)

    @property
    def whose(self):
        """The person or the space that had the device."""
        return self.holder or self.space

    @property
    def is_open(self) -> bool:
        """Whether its outcome is not known yet."""
        return self.closed_at is None

    def days_out(self, today: date) -> int | None:
        """For how many days the device has been, or was, in repair; None where it never was."""
        if self.taken_in_at is None:
            return None
        until = clock.local_date(self.closed_at) if self.closed_at else today
        return (until - clock.local_date(self.taken_in_at)).days

    @classmethod
    def held(cls, device) -> "Case | None":
        """The device's open case, with others kept off it until the transaction ends."""
        return cls.objects.open().of(device).select_for_update(of=("self",)).first()

    def note_who_has_it(self, device) -> None:
        """Who has the device now and who pays for it: what one click brings back."""
        self.holder, self.space = device.holder, device.space
        self.payor, self.payor_cost_centre = device.payor, device.payor_cost_centre

    def close(self, outcome: str, *, at) -> None:
        """Its outcome is known."""
        self.outcome, self.closed_at = outcome, at
        self.save(update_fields=["outcome", "closed_at"])
