from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders.prices import Mode


class LedgerQuerySet(models.QuerySet):
    """What one can say of lines."""

    def of(self, person):
        """A person's lines, whichever budget they had at the time."""
        return self.filter(grant__person=person)

    def counting_on(self, today):
        """Lines whose period is not over on a local date."""
        return self.filter(counts_until__gt=today)

    def in_terms_of(self, allowance):
        """Lines that can be added up with what an allowance gives: its category, its way of paying, its currency."""
        return self.filter(category=allowance.category_id, mode=allowance.mode, currency=allowance.budget.currency)

    def total(self):
        """Their sum: what they take from an allowance, below zero."""
        return self.aggregate(sum=models.Sum("amount"))["sum"] or 0

    def reserved(self):
        """How many devices are asked for and not decided yet."""
        kinds = LedgerLine.Kind
        return self.filter(kind=kinds.RESERVE, undone_by=None).count()


class LedgerLine(models.Model):
    """One line of a person's budget: what it takes (below zero) or gives back, for one device, and why. Never changed.

    What is left of an allowance is its amount and the sum of the lines that still count. A line that undoes another has
    its amount with the other sign and counts as long as it does, so that a pair always leaves together.
    """

    class Kind(models.TextChoices):
        RESERVE = "reserve", _("Reserved")
        RELEASE = "release", pgettext_lazy("ledger", "Released")
        SPEND = "spend", _("Spent")
        GIVE_BACK = "give_back", _("Given back")

    class Why(models.TextChoices):
        REQUESTED = "requested", _("asked for")
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("rejected")
        WITHDRAWN = "withdrawn", _("withdrawn")
        CANCELLED = "cancelled", _("cancelled")

    grant = models.ForeignKey("orders.Grant", models.PROTECT, related_name="lines")
    category = models.ForeignKey("assets.Category", models.PROTECT, related_name="+")
    mode = models.CharField(max_length=10, choices=Mode)
    kind = models.CharField(max_length=10, choices=Kind)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    cause = models.CharField(max_length=60)
    why = models.CharField(max_length=10, choices=Why)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    on = models.DateField()
    counts_until = models.DateField()
    at = models.DateTimeField()

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger line")
        indexes = [models.Index(fields=["grant", "category", "counts_until"], name="ledger_counting")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "cause"], name="ledger_cause_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["reserve", "spend"], amount__lte=0, undoes=None)
                | models.Q(kind__in=["release", "give_back"], amount__gte=0, undoes__isnull=False),
                name="ledger_takes_or_gives",
            ),
            models.CheckConstraint(condition=~models.Q(cause=""), name="ledger_names_its_cause"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount} {self.currency}"

    @property
    def request_ref(self) -> str:
        """The request whose device it is for."""
        return self.cause.partition("/")[0]
