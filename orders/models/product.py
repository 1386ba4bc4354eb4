from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from orders.prices import Mode
from velory.folding import words_of
from velory.journal.models import Entry
from velory.references import reference

LONGEST_DESCRIPTION = 2000  # a cell of a CSV file holds no more


def product_reference() -> str:
    """A product's reference."""
    return reference("C")


class ProductQuerySet(models.QuerySet):
    """What one can say of products."""

    def offered(self):
        """What can be ordered: from a distributor that takes part in the store, with a variant that is not archived."""
        from orders.models.variant import Variant

        lives = Variant.objects.filter(product=models.OuterRef("pk"), archived_at=None)
        return self.filter(models.Exists(lives), distributor__distributes=True, distributor__integrated=True)

    def archived(self):
        """Products of which nothing is left to be ordered, those without a variant among them."""
        from orders.models.variant import Variant

        return self.exclude(models.Exists(Variant.objects.filter(product=models.OuterRef("pk"), archived_at=None)))

    def living(self):
        """Products with a variant that is not archived, whether or not their distributor takes part now."""
        from orders.models.variant import Variant

        return self.filter(models.Exists(Variant.objects.filter(product=models.OuterRef("pk"), archived_at=None)))

    def matching(self, q: str):
        """Products whose name, distributor, colour, storage or article number holds every word."""
        found = self
        for word in words_of(q):
            found = found.filter(
                models.Q(name__folded__contains=word)
                | models.Q(distributor__name__folded__contains=word)
                | models.Q(variants__article_number__folded__contains=word)
                | models.Q(variants__colour__folded__contains=word)
                | models.Q(variants__storage__folded__contains=word)
            )
        return found.distinct() if q.split() else found

    def in_mode(self, modes):
        """Products with a living variant that can be had in one of the ways."""
        from orders.models.variant import Variant

        lives = Variant.objects.filter(product=models.OuterRef("pk"), archived_at=None)
        asked = models.Q()
        if Mode.ONE_OFF in modes:
            asked |= models.Q(price__isnull=False)
        if Mode.MONTHLY in modes:
            asked |= models.Q(monthly_price__isnull=False)
        return self.filter(models.Exists(lives.filter(asked))) if asked else self

    def with_what_a_list_shows(self):
        """For pages: category, distributor, every variant and every picture."""
        return self.select_related("category", "distributor").prefetch_related("variants__provider", "pictures")


class Product(models.Model):
    """Something that the company's people may order; what it costs stands on its variants."""

    ref = models.CharField(max_length=12, unique=True, default=product_reference, editable=False)
    name = models.CharField(_("product"), max_length=120)
    category = models.ForeignKey("assets.Category", models.PROTECT, related_name="products", verbose_name=_("category"))
    distributor = models.ForeignKey(
        "assets.Partner", models.PROTECT, related_name="products", verbose_name=_("distributor")
    )
    description = models.TextField(_("description"), max_length=LONGEST_DESCRIPTION, blank=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        constraints = [models.UniqueConstraint(Lower("name"), "distributor", name="product_name_once")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("orders:product", args=[self.ref])

    @property
    def journal(self):
        """What happened to it."""
        return Entry.objects.about(self)

    @property
    def living_variants(self) -> list:
        """The variants that can be ordered, in the order in which they were entered."""
        return [variant for variant in sorted(self.variants.all(), key=lambda v: v.pk) if variant.archived_at is None]

    @property
    def picture(self):
        """The first picture, or None."""
        return next(iter(self.pictures_in_order), None)

    @property
    def pictures_in_order(self) -> list:
        return sorted(self.pictures.all(), key=lambda picture: (picture.position, picture.pk))

    @property
    def is_offered(self) -> bool:
        """Whether it can be ordered at all."""
        return bool(self.living_variants) and self.distributor.distributes and self.distributor.integrated
