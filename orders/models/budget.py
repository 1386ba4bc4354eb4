from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from orders.prices import Mode
from velory.journal.models import Entry
from velory.references import reference


def budget_reference() -> str:
    """A budget's reference."""
    return reference("U")


class BudgetQuerySet(models.QuerySet):
    """What one can say of budgets."""

    def living(self):
        """Those that can be given, by name."""
        return self.filter(archived_at=None).order_by(Lower("name"))

    def archived(self):
        """Those that nobody is given any more."""
        return self.exclude(archived_at=None).order_by(Lower("name"))

    def default(self):
        """The budget of whoever has no other, or none."""
        return self.filter(is_default=True, archived_at=None).first()

    def with_what_a_list_shows(self):
        """With its allowances, and how many have it."""
        having = models.Count("grants", filter=models.Q(grants__until_at=None), distinct=True)
        return self.annotate(people=having).prefetch_related("allowances__category")


class Budget(models.Model):
    """What its people may spend, category by category. Amounts are net, in `currency`."""

    ref = models.CharField(max_length=12, unique=True, default=budget_reference, editable=False)
    name = models.CharField(_("name"), max_length=80)
    currency = models.CharField(_("currency"), max_length=3)
    is_default = models.BooleanField(_("for everybody without another budget"), default=False)
    archived_at = models.DateTimeField(null=True, editable=False)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget")
        constraints = [
            models.UniqueConstraint(Lower("name"), name="budget_name_once"),
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="budget_one_default"
            ),
            models.CheckConstraint(
                condition=models.Q(archived_at=None) | models.Q(is_default=False), name="budget_default_lives"
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("orders:budget", args=[self.ref])

    @property
    def journal(self):
        """What happened to it."""
        return Entry.objects.about(self)

    @property
    def allowances_in_order(self) -> list["Allowance"]:
        """Its allowances as the categories stand everywhere."""
        return sorted(self.allowances.all(), key=lambda allowance: allowance.category_id)


class Allowance(models.Model):
    """What a budget gives in one category: `amount` per `months` (or each month), and how many devices at once.

    An empty amount is no limit of money, and its people see no prices; an empty quota is no limit of number.
    """

    budget = models.ForeignKey(Budget, models.CASCADE, related_name="allowances")
    category = models.ForeignKey("assets.Category", models.PROTECT, related_name="+")
    mode = models.CharField(_("paid"), max_length=10, choices=Mode, default=Mode.ONE_OFF)
    amount = models.DecimalField(_("allowance, net"), max_digits=12, decimal_places=2, null=True, blank=True)
    quota = models.PositiveSmallIntegerField(_("quota"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("renewal period, months"), default=24)

    class Meta:
        verbose_name = _("allowance")
        constraints = [
            models.UniqueConstraint(fields=["budget", "category"], name="allowance_once_a_category"),
            models.CheckConstraint(
                condition=(models.Q(amount=None) | models.Q(amount__gte=0)) & models.Q(months__range=(1, 120)),
                name="allowance_amounts",
            ),
        ]

    def __str__(self):
        return f"{self.budget}, {self.category}"

    @property
    def is_unlimited(self) -> bool:
        """Whether money is no limit; its people see no prices then."""
        return self.amount is None

    @property
    def is_monthly(self) -> bool:
        return self.mode == Mode.MONTHLY
