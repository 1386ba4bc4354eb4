"""The catalogue as a list: its views, filters and order."""

from django.utils.translation import gettext as _

from assets.models import Category, Partner
from orders.models import Product
from orders.prices import Mode
from velory.ui.tables import Table

SORTS = {"product": "name", "category": ("category", "name"), "distributor": ("distributor__name", "name")}
FILTERS = ("category", "distributor", "mode")


class Catalogue(Table):
    """The list as its address tells it."""

    def __init__(self, request):
        super().__init__(request, sorts=SORTS, default="product", filters=FILTERS)
        self.view = "archived" if request.GET.get("view") == "archived" else ""

    @property
    def products(self):
        """The products that the address asks for, in no order."""
        found = self._in_view(Product.objects.all()).matching(self.q)
        if chosen := self.chosen("category"):
            found = found.filter(category__code__in=chosen)
        if chosen := self.chosen("distributor"):
            found = found.filter(distributor__ref__in=chosen)
        return found.in_mode(modes) if (modes := self.chosen("mode")) else found

    def _in_view(self, products):
        return products.archived() if self.view else products.living()

    def fetch(self):
        """The page's rows, with what they show."""
        return self.show(self.products.with_what_a_list_shows())

    @property
    def views(self) -> list[dict]:
        """The tabs above the list."""
        named = [("", _("Offered")), ("archived", _("Archived"))]
        return [
            {"label": label, "address": self.link(view=code), "current": code == self.view} for code, label in named
        ]

    @property
    def menus(self) -> list[tuple]:
        """The filters with their choices."""
        return [
            ("category", _("Category"), [(c.code, str(c)) for c in Category.objects.order_by("pk")]),
            ("distributor", _("Distributor"), [(p.ref, p.name) for p in Partner.objects.distributing()]),
            ("mode", _("Paid"), Mode.choices),
        ]

    @property
    def export_query(self) -> str:
        """The part of the address that the export takes over."""
        query = self.link(sort="").partition("?")[2]
        return f"?{query}" if query else ""
