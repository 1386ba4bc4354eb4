"""Exactly the plan that was shown, in one transaction. A row whose thing has changed meanwhile is refused, no other."""

from decimal import Decimal
from typing import Any

from assets.importing.faults import Fault
from assets.models import Category, Partner
from orders.catalogue.columns import COLUMNS, PRODUCT, VARIANT
from orders.catalogue.facts import NO, OF_PRODUCT, YES, changes, facts_of, facts_of_product
from orders.catalogue.keeping import hold_catalogue, note
from orders.catalogue.plan import CHANGED, CREATED, REFUSED
from orders.models import Product, Variant
from velory.references import references
from velory.spelling import lower

VARIANT_FIELDS = ["colour", "storage", "currency", "price", "monthly_price", "months", "provider", "acquisition_price",
                  "residual_percent", "archived_at"]  # fmt: skip


def apply_rows(rows: list[dict], *, by, at) -> list[dict]:
    """The rows with what became of each. The caller has opened the transaction."""
    hold_catalogue()
    return _Applying(rows, at).apply(by)


class _Applying:
    """Some rows, checked against the catalogue as it is now and written with a few statements."""

    def __init__(self, rows, at):
        self.rows, self.at = rows, at
        self.categories = {category.code: category for category in Category.objects.all()}
        self.partners = {lower(partner.name): partner for partner in Partner.objects.all()}
        related = Variant.objects.select_related("product__category", "product__distributor", "provider")
        self.variants = {variant.pk: variant for variant in related}
        products = Product.objects.select_related("category", "distributor")
        self.products = {product.pk: product for product in products}
        self.named = {(p.distributor_id, lower(p.name)): p for p in self.products.values()}
        self.articles = {(v.product.distributor_id, lower(v.article_number)) for v in self.variants.values()}
        self.new_products: list[Product] = []
        self.new_variants: list[Variant] = []
        self.changed: dict[str, dict[int, Any]] = {"products": {}, "variants": {}}
        self.told: list[tuple] = []

    def apply(self, by):
        for row in self.rows:
            if row["verdict"] in {CREATED, CHANGED}:
                try:
                    self._create(row) if row["verdict"] == CREATED else self._change(row)
                except Fault as fault:
                    row |= {"verdict": REFUSED, "faults": [fault.stored()]}
        self._write()
        note(self.told, by=by, at=self.at)
        return self.rows

    def _create(self, row):
        facts = row["facts"]
        product = self._product_of(row, facts)
        key = (product.distributor_id, lower(facts["article_number"]))
        if key in self.articles:
            raise Fault("meanwhile_added", "article_number", facts["article_number"], {"what": row["article"]})
        variant = Variant(product=product, article_number=facts["article_number"])
        self._say(variant, facts)
        self.articles.add(key)
        self.new_variants.append(variant)
        self._change_product(product, facts)
        if product.pk:
            self.told.append((product, "add_variant", {"variant": variant.in_short}))

    def _product_of(self, row, facts):
        if row["product"]:
            if row["product"] not in self.products:
                raise Fault("meanwhile_gone", "product_name", row["name"], {"what": row["name"]})
            product = self.products[row["product"]]
            self._refuse_other(row, facts_of_product(product))
            return product
        distributor = self.partners[lower(facts["distributor"])]
        found = self.named.get((distributor.pk, lower(facts["product_name"])))
        if found is None and "category" not in facts:
            raise Fault("not_applied", "product_name", row["name"], {"what": row["name"]})
        if found is None:
            found = Product(
                name=facts["product_name"], distributor=distributor, description=facts.get("description", "")
            )
            found.category = self.categories[facts["category"]]
            self.named[distributor.pk, lower(found.name)] = found
            self.new_products.append(found)
            self.told.append((found, "import", {}))
        elif found.pk:
            raise Fault("meanwhile_added", "product_name", row["name"], {"what": row["name"]})
        return found

    def _change(self, row):
        variant = self.variants.get(row["variant"])
        if variant is None:
            raise Fault("meanwhile_gone", "article_number", row["article"], {"what": row["article"]})
        before = facts_of(variant)
        self._refuse_other(row, before)
        product = self.products[variant.product_id]
        self._change_product(product, row["facts"])
        mine = {code: value for code, value in row["facts"].items() if COLUMNS[code].of == VARIANT}
        if not mine:
            return
        self._say(variant, mine)
        self.changed["variants"][variant.pk] = variant
        said = changes(before, mine, VARIANT)
        if said:
            self.told.append((product, "change_variant", {"variant": variant.in_short, "changes": said}))
        if mine.get("active", before["active"]) != before["active"]:
            deed = "archive_variant" if mine["active"] == NO else "restore_variant"
            self.told.append((product, deed, {"variant": variant.in_short}))

    def _refuse_other(self, row, now):
        for code, before in row["before"].items():
            if now[code] not in (before, row["facts"][code]):
                raise Fault("meanwhile_changed", code, row["facts"][code], {"what": row["name"]})

    def _change_product(self, product, facts):
        mine = {code: facts[code] for code in OF_PRODUCT if code in facts and code != "distributor"}
        said = changes(facts_of_product(product), mine, PRODUCT)
        if not said:
            return
        product.name = mine.get("product_name", product.name)
        product.description = mine.get("description", product.description)
        if "category" in mine:
            product.category = self.categories[mine["category"]]
        if product.pk:
            self.changed["products"][product.pk] = product
            self.told.append((product, "import_change", {"changes": said}))

    def _say(self, variant, facts):
        for code, value in facts.items():
            if COLUMNS[code].of != VARIANT or code in {"article_number", "active"}:
                continue
            setattr(variant, COLUMNS[code].field, self._value(code, value))
        if "active" in facts:
            variant.archived_at = None if facts["active"] == YES else variant.archived_at or self.at

    def _value(self, code, value):
        kind = COLUMNS[code].kind
        if code == "leasing_provider":
            return self.partners[lower(value)]
        if kind in {"amount", "percent"}:
            return Decimal(value)
        return int(value) if kind == "months" else value

    def _write(self):
        made: list[tuple[list[Any], Any, str]] = [(self.new_products, Product, "C"), (self.new_variants, Variant, "V")]
        for things, model, prefix in made:
            refs = references(model, prefix, len(things))
            for thing, ref in zip(things, refs, strict=True):
                thing.ref = ref
        Product.objects.bulk_create(self.new_products)
        for variant in self.new_variants:
            variant.product = variant.product  # now with its key
        Variant.objects.bulk_create(self.new_variants)
        Product.objects.bulk_update(self.changed["products"].values(), ["name", "category", "description"])
        Variant.objects.bulk_update(self.changed["variants"].values(), VARIANT_FIELDS)
