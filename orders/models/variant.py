from decimal import Decimal

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from orders.prices import Mode, Price
from velory.references import reference


def variant_reference() -> str:
    """A variant's reference."""
    return reference("V")


class VariantQuerySet(models.QuerySet):
    """What one can say of variants."""

    def living(self):
        """Those that can be ordered."""
        return self.filter(archived_at=None)

    def with_article(self, number: str, distributor):
        """The variant that a distributor calls so, whatever its case."""
        return self.filter(article_number__iexact=number, product__distributor=distributor)


def _amount(label, **more):
    return models.DecimalField(label, max_digits=12, decimal_places=2, null=True, blank=True, **more)


class Variant(models.Model):
    """One colour and storage of a product, under the distributor's article number, with its prices: net, in `currency`.

    It can be had for `price`, or leased for `monthly_price` over `months`, or either.
    """

    ref = models.CharField(max_length=12, unique=True, default=variant_reference, editable=False)
    product = models.ForeignKey("orders.Product", models.CASCADE, related_name="variants")
    article_number = models.CharField(_("article number"), max_length=60)
    colour = models.CharField(_("colour"), max_length=40, blank=True)
    storage = models.CharField(_("storage"), max_length=40, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    price = _amount(_("price, net"))
    monthly_price = _amount(_("monthly price, net"))
    months = models.PositiveSmallIntegerField(_("months"), null=True, blank=True)
    provider = models.ForeignKey(
        "assets.Partner", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("leasing provider")
    )
    acquisition_price = _amount(_("acquisition price, net"))
    residual_percent = models.DecimalField(_("residual percent"), max_digits=5, decimal_places=2, null=True, blank=True)
    archived_at = models.DateTimeField(null=True, editable=False)

    objects = VariantQuerySet.as_manager()

    class Meta:
        verbose_name = _("variant")
        constraints = [
            models.UniqueConstraint("product", Lower("article_number"), name="variant_article_once"),
            models.CheckConstraint(
                condition=models.Q(price__isnull=False) | models.Q(monthly_price__isnull=False),
                name="variant_has_a_price",
            ),
            models.CheckConstraint(
                condition=models.Q(monthly_price=None, months=None, provider=None)
                | models.Q(monthly_price__isnull=False, months__isnull=False, provider__isnull=False),
                name="variant_lease_is_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(monthly_price__isnull=False)
                | models.Q(acquisition_price=None, residual_percent=None),
                name="variant_lease_terms_of_a_lease",
            ),
            models.CheckConstraint(
                condition=(models.Q(price=None) | models.Q(price__gte=0))
                & (models.Q(monthly_price=None) | models.Q(monthly_price__gte=0))
                & (models.Q(acquisition_price=None) | models.Q(acquisition_price__gte=0))
                & (models.Q(residual_percent=None) | models.Q(residual_percent__range=(0, 100)))
                & (models.Q(months=None) | models.Q(months__range=(1, 120))),
                name="variant_amounts",
            ),
        ]

    def __str__(self):
        return f"{self.product}, {self.said}" if self.said else str(self.product)

    def get_absolute_url(self):
        return reverse("orders:variant", args=[self.product.ref, self.ref])

    @property
    def said(self) -> str:
        """What tells it from its sisters: colour and storage."""
        return ", ".join(part for part in (self.colour, self.storage) if part)

    @property
    def in_short(self) -> str:
        """What it is called beside its sisters, by its article number where nothing else tells it apart."""
        return self.said or self.article_number

    def prices(self, vat_percent: Decimal | None = None) -> list[Price]:
        """Every way in which it can be had, once first."""
        found = []
        if self.price is not None:
            found.append(Price(Mode.ONE_OFF, self.price, self.currency, vat_percent=vat_percent))
        if self.monthly_price is not None:
            found.append(
                Price(Mode.MONTHLY, self.monthly_price, self.currency, self.months or 0, self.provider, vat_percent)
            )
        return found

    def price_in(self, mode: str, vat_percent: Decimal | None = None) -> Price | None:
        """What it costs in one way; None where it can't be had so."""
        return next((price for price in self.prices(vat_percent) if price.mode == mode), None)
