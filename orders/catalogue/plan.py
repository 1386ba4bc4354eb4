"""From a catalogue file to what it would do: created, changed, unchanged, or refused with reasons. Writes nothing."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from assets.importing.cells import Cells, Habits, decimal_mark
from assets.importing.faults import Fault, keepable
from assets.importing.reading import Sheet, Unreadable, read
from assets.importing.world import categories
from assets.models import Partner
from orders.catalogue.columns import COLUMNS, is_ours, proposed
from orders.catalogue.facts import NO, OF_PRODUCT, YES, facts_of, facts_of_product
from orders.models import Product, Variant
from velory.spelling import lower
from velory.tenancy.context import current_company

VERDICTS = CREATED, CHANGED, UNCHANGED, REFUSED = ("created", "changed", "unchanged", "refused")
MOST_ROWS = 5_000
WORDS = dict.fromkeys(("yes", "ja", "y", "true", "1", "x"), YES) | dict.fromkeys(("no", "nej", "n", "false", "0"), NO)


def preview(content: bytes) -> tuple[list[str], list[str], list[dict]]:
    """The file's headings, those that stand for no column, and its rows as they would be applied."""
    sheet = read(content)
    if len(sheet.names) > 1:
        raise Unreadable(
            _("Several sheets of the workbook hold rows: %s. Save the one that is meant as a workbook of its own.")
            % ", ".join(sheet.names)
        )
    if len(sheet.rows) > MOST_ROWS:
        raise Unreadable(_("The file has more than 5,000 rows. Divide it into several files."))
    mapping = proposed(sheet.headings)
    if not {"distributor", "article_number"} <= set(mapping):
        raise Unreadable(
            _("The file needs a column for the distributor and one for the article number: variants are known by them.")
        )
    planner = _Planner(_World.now())
    rows = [planner.row(number, values, faults, cells) for number, values, faults, cells in _read(sheet, mapping)]
    headings = [keepable(heading[:200]) for heading in sheet.headings]
    left_out = [
        heading
        for heading, code in zip(headings, mapping, strict=True)
        if heading and not code and not is_ours(heading)
    ]
    return headings, left_out, rows


class _CatalogueCells(Cells):
    """A fleet's cells, and whether something is offered."""

    def _yes_no(self, text):
        if text.casefold() not in WORDS:
            raise Fault("yes_no")
        return WORDS[text.casefold()]


def _read(sheet: Sheet, mapping):
    places = [i for i, code in enumerate(mapping) if code and COLUMNS[code].kind in {"amount", "percent"}]
    marks = decimal_mark(row.cells[i] for row in sheet.rows for i in places if row.cells[i])
    cells = _CatalogueCells(Habits(marks), categories())
    for row in sheet.rows:
        values: dict[str, str] = {}
        faults = list(row.faults)
        for place, code in enumerate(mapping):
            if not code or not row.cells[place]:
                continue
            try:
                value = cells.value(COLUMNS[code], row.cells[place])
            except Fault as fault:
                faults.append(fault)
            else:
                values |= {code: value} if value else {}
        yield row.number, values, faults, row.cells


@dataclass
class _World:
    """What is there: partners by name, variants by distributor and article, products by distributor and name."""

    partners: dict[str, Any]
    variants: dict[tuple[int, str], dict]
    products: dict[tuple[int, str], dict]
    by_pk: dict[int, tuple[int, str]] = field(default_factory=dict)

    @classmethod
    def now(cls):
        partners = {lower(partner.name): partner for partner in Partner.objects.all()}
        related = Variant.objects.select_related("product__category", "product__distributor", "provider")
        variants = {
            (v.product.distributor_id, lower(v.article_number)): {
                "pk": v.pk, "product": v.product_id, "facts": facts_of(v)
            }
            for v in related
        }  # fmt: skip
        products: dict[tuple[int, str], dict[str, Any]] = {
            (p.distributor_id, lower(p.name)): {"pk": p.pk, "facts": facts_of_product(p)}
            for p in Product.objects.select_related("category", "distributor")
        }
        return cls(partners, variants, products, {p["pk"]: key for key, p in products.items()})


class _Planner:
    """Goes through the rows once; what an accepted row says is known to those below it."""

    def __init__(self, world: _World):
        self.world = world
        self.articles: dict[tuple[int, str], int] = {}
        self.said: dict[tuple, dict[str, tuple[str, int]]] = {}  # of a product: column → (value, row)
        self.names = dict.fromkeys(world.products, True)

    def row(self, number, values, faults, cells) -> dict:
        made = {
            "number": number, "verdict": REFUSED, "name": values.get("product_name", ""),
            "article": values.get("article_number", ""), "variant": None, "product": None, "facts": {}, "before": {},
        }  # fmt: skip
        if not faults:
            faults = list(self._consider(made, number, values))
        if faults:
            made |= {"verdict": REFUSED, "facts": {}, "before": {}}
            return made | {"faults": [fault.stored() for fault in faults], "cells": [keepable(c) for c in cells]}
        return made

    def _consider(self, made, number, values):
        for code in ("distributor", "article_number"):
            if code not in values:
                yield Fault("no_article", code)
                return
        distributor, faults = self._distributor(values)
        if faults:
            yield from faults
            return
        key = (distributor.pk, lower(values["article_number"]))
        if key in self.articles:
            yield Fault("article_twice", "article_number", values["article_number"], {"row": self.articles[key]})
            return
        known = self.world.variants.get(key)
        faults = list(self._known(made, known, values) if known else self._new(made, distributor, values))
        of = ("pk", made["product"]) if made["product"] else ("new", distributor.pk, lower(made["name"]))
        faults += self._of_one_product(of, number, values)
        faults += self._prices(made)
        if not faults:
            self.articles[key] = number
            said = self.said.setdefault(of, {})
            for code in OF_PRODUCT:
                if code in values:
                    said.setdefault(code, (values[code], number))
        yield from faults

    def _distributor(self, values):
        found = self.world.partners.get(lower(values["distributor"]))
        if found is None or not found.distributes:
            return None, [Fault("no_distributor", "distributor", values["distributor"])]
        if not found.integrated:
            return None, [Fault("not_integrated", "distributor", values["distributor"])]
        values["distributor"] = found.name
        if "leasing_provider" in values:
            lessor = self.world.partners.get(lower(values["leasing_provider"]))
            if lessor is None or not lessor.leases:
                return None, [Fault("no_lessor", "leasing_provider", values["leasing_provider"])]
            values["leasing_provider"] = lessor.name
        return found, []

    def _known(self, made, known, values):
        before = known["facts"]
        facts = {code: value for code, value in values.items() if before[code] != value and code != "article_number"}
        made |= {
            "variant": known["pk"], "product": known["product"],
            "name": values.get("product_name") or before["product_name"],
            "verdict": CHANGED if facts else UNCHANGED, "facts": facts, "before": {c: before[c] for c in facts},
            "now": before,
        }  # fmt: skip
        distributor = self.world.by_pk[known["product"]][0]
        if "product_name" in facts:
            other = self.world.products.get((distributor, lower(facts["product_name"])))
            if other and other["pk"] != known["product"]:
                yield Fault("name_taken", "product_name", facts["product_name"], {"before": before["product_name"]})

    def _new(self, made, distributor, values):
        made |= {"verdict": CREATED, "now": {}}
        if "product_name" not in values:
            yield Fault("new_variant_needs", "product_name")
            return
        product = self.world.products.get((distributor.pk, lower(values["product_name"])))
        before = product["facts"] if product else {}
        earlier = self.said.get(("new", distributor.pk, lower(values["product_name"])), {})
        if not product and "category" not in values and "category" not in earlier:
            yield Fault("new_variant_needs", "category")
        defaults = {"currency": current_company().currency, "active": YES}
        facts = {code: value for code, value in (defaults | values).items() if before.get(code) != value}
        made |= {
            "product": product["pk"] if product else None,
            "facts": facts | {"article_number": values["article_number"]},
            "before": {code: before[code] for code in facts if code in before},
        }  # fmt: skip

    def _of_one_product(self, of, number, values):
        for code in OF_PRODUCT:
            other, row = self.said.get(of, {}).get(code, (values.get(code), 0))
            if code in values and other != values[code] and lower(other) != lower(values[code]):
                yield Fault("product_says_otherwise", code, values[code], {"row": row, "other": other[:80]})

    def _prices(self, made):
        now = made.pop("now", {}) | made["facts"]
        if not now.get("price") and not now.get("monthly_price"):
            yield Fault("no_price", "price")
        elif now.get("monthly_price"):
            for code in ("months", "leasing_provider"):
                if not now.get(code):
                    yield Fault("lease_needs", code)
        else:
            for code in ("months", "leasing_provider", "acquisition_price", "residual_percent"):
                if now.get(code):
                    yield Fault("lease_without_price", code, now[code])
