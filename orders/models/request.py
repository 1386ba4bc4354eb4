from decimal import Decimal

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from orders.lifecycle import UNDECIDED, RequestLife, RequestStatus
from orders.prices import Mode, Price
from velory.folding import words_of
from velory.references import reference


def request_reference() -> str:
    """A product request's reference."""
    return reference("Q")


class RequestQuerySet(models.QuerySet):
    """What one can say of requests."""

    def pending(self):
        """Those that wait for an answer."""
        return self.filter(status=RequestStatus.PENDING)

    def undecided(self):
        """Those that wait for an answer or for a payment."""
        return self.filter(status__in=UNDECIDED)

    def to_be_paid(self):
        """Those that are approved and wait for their payment."""
        return self.filter(status=RequestStatus.PAYMENT_NEEDED)

    def concerning(self, person):
        """Those that somebody sent or that are for them."""
        return self.filter(models.Q(requester=person) | models.Q(person=person))

    def matching(self, words: str):
        """Those in whose reference, people, space or devices every word occurs."""
        found = self
        for word in words_of(words):
            lines = RequestLine.objects.filter(name__folded__contains=word).values("request")
            people = models.Q(requester__search__contains=word) | models.Q(person__search__contains=word)
            things = models.Q(space__name__folded__contains=word) | models.Q(pk__in=lines)
            found = found.filter(models.Q(ref__icontains=word) | people | things)
        return found

    def asking_for(self, categories):
        """Those with a device of one of some categories, named by their codes."""
        return self.filter(pk__in=RequestLine.objects.filter(category__code__in=categories).values("request"))

    def newest_first(self):
        """For pages."""
        return self.order_by("-sent_at", "-pk")

    def with_what_a_list_shows(self):
        """For pages: who, for whom, what; no further query a row."""
        return self.select_related("requester", "person", "space", "approver").prefetch_related(
            "lines__category", "lines__distributor", "lines__variant__product"
        )


class ProductRequest(RequestLife):
    """A wish: some devices for a person, for a space, or (neither) for the company itself. Moments are UTC.

    `approver`: who was asked when it was sent; empty where any admin or purchase manager may answer. `overage`: how the
    person bears what goes over their budget; `card_ref`: the saved card that bears it.
    """

    class Overage(models.TextChoices):
        SALARY = "salary", _("Salary deduction")
        CARD = "card", _("Personal card")

    ref = models.CharField(max_length=12, unique=True, default=request_reference, editable=False)
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="requests")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    space = models.ForeignKey("assets.Space", models.PROTECT, null=True, blank=True, related_name="+")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    location = models.ForeignKey("people.Location", models.PROTECT, null=True, blank=True, related_name="+")
    address = models.TextField(_("delivery address"), max_length=500, blank=True)
    note = models.TextField(_("note to the approver"), max_length=1000, blank=True)
    message = models.TextField(_("answer"), max_length=1000, blank=True)
    overage = models.CharField(max_length=10, choices=Overage, blank=True)
    card_ref = models.CharField(max_length=12, blank=True)
    sent_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("product request")
        indexes = [
            models.Index(fields=["status", "sent_at"], name="request_waiting"),
            models.Index(fields=["requester", "-sent_at"], name="request_sent_by"),
            models.Index(fields=["-sent_at", "-id"], name="request_newest"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=RequestStatus.values), name="request_status_known"),
            models.CheckConstraint(condition=models.Q(person=None) | models.Q(space=None), name="request_one_receiver"),
            models.CheckConstraint(
                condition=~models.Q(overage="card") | ~models.Q(card_ref=""), name="request_card_is_named"
            ),
        ]

    def __str__(self):
        return self.ref

    def get_absolute_url(self):
        return reverse("orders:request", args=[self.ref])

    @property
    def is_pending(self) -> bool:
        """Whether it waits for an answer."""
        return self.status == RequestStatus.PENDING

    @property
    def is_undecided(self) -> bool:
        """Whether it waits for an answer or for a payment."""
        return self.status in UNDECIDED

    @property
    def whose(self):
        """The person or the space that it is for; None: the company itself."""
        return self.person or self.space

    @property
    def lines_in_order(self) -> list["RequestLine"]:
        """Its devices, as they were put into the cart."""
        return sorted(self.lines.all(), key=lambda line: line.number)

    @property
    def currency(self) -> str:
        """The currency of all its lines."""
        return self.lines_in_order[0].currency

    @property
    def to_pay(self) -> Decimal:
        """What the person bears in all, VAT included: once, or over all months."""
        return sum((line.overage_in_all for line in self.lines_in_order), Decimal(0))

    @property
    def has_card_part(self) -> bool:
        """Whether a personal card bears a part of it."""
        return self.overage == self.Overage.CARD and self.to_pay > 0


class RequestLine(models.Model):
    """One device that is asked for: what, from whom, at which price (net, in `currency`), and who bears it.

    The price is what was seen at checkout and stays. `budget_part` (net) is taken from the person's budget, empty where
    no budget counts it; `overage` (net) and `overage_vat` are borne by the person; the rest is the company's. Of a
    lease all are by the month.
    """

    request = models.ForeignKey(ProductRequest, models.PROTECT, related_name="lines")
    number = models.PositiveSmallIntegerField()
    variant = models.ForeignKey("orders.Variant", models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    article_number = models.CharField(max_length=60)
    category = models.ForeignKey("assets.Category", models.PROTECT, related_name="+")
    distributor = models.ForeignKey("assets.Partner", models.PROTECT, related_name="+")
    mode = models.CharField(max_length=10, choices=Mode)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    vat_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    months = models.PositiveSmallIntegerField(null=True)
    provider = models.ForeignKey("assets.Partner", models.PROTECT, null=True, related_name="+")
    acquisition_price = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    residual_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    renewal_months = models.PositiveSmallIntegerField(null=True)
    budget_part = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    overage = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    overage_vat = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    replaces = models.ForeignKey("assets.Device", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("line of a request")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="request_line_number_once"),
            models.CheckConstraint(
                condition=models.Q(amount__gte=0, overage__gte=0, overage_vat__gte=0), name="request_line_amounts"
            ),
            models.CheckConstraint(
                condition=models.Q(budget_part=None) | models.Q(budget_part__range=(0, models.F("amount"))),
                name="request_line_budget_part",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def cause(self) -> str:
        """What its lines in the budget's ledger and among the salary deductions are for."""
        return f"{self.request.ref}/{self.number}"

    @property
    def price(self) -> Price:
        """What it costs, as it was seen."""
        return Price(self.mode, self.amount, self.currency, self.months or 0, self.provider, self.vat_percent)

    @property
    def is_monthly(self) -> bool:
        return self.mode == Mode.MONTHLY

    @property
    def overage_gross(self) -> Decimal:
        """What the person bears, VAT included: once, or each month."""
        return self.overage + self.overage_vat

    @property
    def overage_in_all(self) -> Decimal:
        """What the person bears over the whole time, VAT included."""
        return self.overage_gross * ((self.months or 1) if self.is_monthly else 1)

    @property
    def companys_part(self) -> Decimal:
        """What the company bears beside the budget, net."""
        return self.amount - (self.budget_part or 0) - self.overage
