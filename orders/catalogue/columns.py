"""The columns of a catalogue file: one row is one variant, with what is known of its product beside it."""

from django.utils.translation import gettext_lazy as _

from assets.importing.columns import OURS, Column, normal_heading
from assets.importing.faults import WORDS

PRODUCT, VARIANT = "product", "variant"

COLUMNS = {
    column.code: column
    for column in [
        Column("product_name", PRODUCT, "text", "name", _("Product"),
               "product|name|model|produkt|produktnamn|namn|modell|benämning", 120),
        Column("category", PRODUCT, "category", "category", _("Category"), "type|kategori|typ"),
        Column("distributor", PRODUCT, "text", "distributor", _("Distributor"),
               "supplier|vendor|reseller|distributör|leverantör|återförsäljare"),
        Column("description", PRODUCT, "note", "description", _("Description"), "text|beskrivning", 2000),
        Column("article_number", VARIANT, "text", "article_number", _("Article number"),
               "article|article no|sku|part number|artikelnummer|artikelnr|artikel", 60),
        Column("colour", VARIANT, "text", "colour", _("Colour"), "color|färg", 40),
        Column("storage", VARIANT, "text", "storage", _("Storage"), "memory|lagring|minne|utförande", 40),
        Column("currency", VARIANT, "currency", "currency", _("Currency"), "valuta"),
        Column("price", VARIANT, "amount", "price", _("Price, net"),
               "net price|purchase price|pris|nettopris|inköpspris|pris exkl moms"),
        Column("monthly_price", VARIANT, "amount", "monthly_price", _("Monthly price, net"),
               "monthly cost|price per month|månadspris|månadskostnad|pris per månad"),
        Column("months", VARIANT, "months", "months", _("Months"), "lease months|term|månader|löptid|avtalstid"),
        Column("leasing_provider", VARIANT, "text", "provider", _("Leasing provider"),
               "lessor|leasing company|leasingleverantör|leasingbolag|leasegivare"),
        Column("acquisition_price", VARIANT, "amount", "acquisition_price", _("Acquisition price"),
               "acquisition cost|anskaffningspris|anskaffningsvärde"),
        Column("residual_percent", VARIANT, "percent", "residual_percent", _("Residual percent"),
               "residual|residual %|restvärde|restvärde %|restvärdesprocent"),
        Column("active", VARIANT, "yes_no", "", _("Offered"), "offered|aktiv|erbjuds|visas"),
    ]
}  # fmt: skip

WORDS |= {
    "no_article": (
        _("A variant is known by its distributor and its article number, and one of them is missing."),
        _("Fill in the cell."),
    ),
    "no_distributor": (_("There is no distributor called so."), _("Add it under Partners first.")),
    "not_integrated": (
        _("This distributor is not integrated with the store, so nothing can be ordered from it here."),
        _("Leave the row out, or change the partner."),
    ),
    "no_lessor": (_("There is no leasing provider called so."), _("Add it under Partners first.")),
    "new_variant_needs": (_("This article is new, and a new one needs this."), _("Fill in the cell.")),
    "article_twice": (_("Row %(row)s has the same article."), _("Keep the row that is right.")),
    "product_says_otherwise": (
        _("Row %(row)s says “%(other)s” of the same product."),
        _("A product has one value here. Make the rows say the same."),
    ),
    "name_taken": (
        _("This distributor has another product called so."),
        _("Correct the name, or leave it as it is: %(before)s."),
    ),
    "no_price": (_("There is neither a price nor a monthly price."), _("Fill in one of the two, or both.")),
    "lease_needs": (
        _("A monthly price needs its months and its leasing provider."),
        _("Fill in the cell, or clear the monthly price."),
    ),
    "lease_without_price": (_("This belongs to a monthly price, and there is none."), _("Fill in monthly_price.")),
    "yes_no": (_("This is neither yes nor no."), _("Write yes or no.")),
    "too_many_rows": (_("The file has more than 5,000 rows."), _("Divide it into several files.")),
}

_known = {
    normal_heading(name): column.code
    for column in COLUMNS.values()
    for name in [column.code, *column.synonyms.split("|")]
}


def proposed(headings: list[str]) -> list[str]:
    """For each heading its column, or an empty text; each once."""
    found: list[str] = []
    for heading in headings:
        code = _known.get(normal_heading(heading), "")
        found.append("" if code in found else code)
    return found


def is_ours(heading: str) -> bool:
    """Whether our own files add the heading for the reader."""
    return normal_heading(heading) in OURS
