"""A catalogue file shows what it would do, does exactly that, and an export changes nothing when it comes back."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.importing.reading import Unreadable
from orders.catalogue.exporting import catalogue_rows
from orders.models import CatalogueImport, Product, Variant
from orders.models.settings import StoreSettings
from tests.making import an_admin, an_external_distributor, an_integrated_distributor
from tests.orders.making import a_catalogue_import, a_product, a_variant, bought
from velory import clock
from velory.journal.models import Entry
from velory.journal.reason import Refused
from velory.ui.files import _cell


def verdicts(found):
    return [row["verdict"] for row in found.rows]


def why(found, number=0):
    from orders.catalogue.shown import ShownRow

    return [f"{column}: {fault}" for column, fault in ShownRow(found.rows[number]).reasons]


def apply(found, by=None):
    found.apply(by=by or an_admin(), digest=found.digest, at=clock.now())
    return found


def exported():
    out = io.StringIO()
    writer = csv.writer(out)
    for row in catalogue_rows(Product.objects.all()):
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


TWO = (
    "Dustin,5011,Fairphone 5,phones,Black,256 GB,5490,,,",
    "Dustin,5012,Fairphone 5,phones,Green,256 GB,5490,249.50,24,3 Step IT",
)


def test_a_file_makes_products_with_their_variants():
    found = apply(a_catalogue_import(*TWO))
    assert found.counts == {"created": 2, "changed": 0, "unchanged": 0, "refused": 0}
    product = Product.objects.get()
    assert (product.name, product.category.code, product.distributor.name) == ("Fairphone 5", "phones", "Dustin")
    black, green = product.variants.order_by("pk")
    assert (black.price, black.monthly_price, black.currency) == (Decimal("5490.00"), None, "SEK")
    assert (green.colour, green.monthly_price, green.months, str(green.provider)) == (
        "Green", Decimal("249.50"), 24, "3 Step IT",
    )  # fmt: skip
    assert [entry.step for entry in product.journal] == ["import"]


def test_nothing_is_written_before_it_is_applied():
    a_catalogue_import(*TWO)
    assert not Product.objects.exists()


def test_the_same_file_again_changes_nothing():
    apply(a_catalogue_import(*TWO))
    before = Entry.objects.count()
    again = a_catalogue_import(*TWO)
    assert verdicts(again) == ["unchanged", "unchanged"]
    apply(again)
    assert (Product.objects.count(), Variant.objects.count(), Entry.objects.count()) == (1, 2, before)


def test_a_change_is_shown_before_and_after_and_blank_cells_change_nothing():
    apply(a_catalogue_import(*TWO))
    found = a_catalogue_import("Dustin,5011,,,,,4990,,,")
    assert verdicts(found) == ["changed"]
    assert (found.rows[0]["before"], found.rows[0]["facts"]) == ({"price": "5490.00"}, {"price": "4990.00"})
    apply(found)
    assert Variant.objects.get(article_number="5011").price == Decimal("4990.00")
    assert str(Entry.objects.get(step="change_variant")) == (
        "Nils Wikström changed Black, 256 GB of the product Fairphone 5: price, net: 5490.00 → 4990.00."
    )


def test_a_new_variant_joins_the_product_that_is_there():
    product = a_product("Fairphone 5")
    apply(a_catalogue_import(*TWO[:1]))
    assert Product.objects.get() == product
    assert product.variants.count() == 2


def test_a_product_gets_another_name_by_its_article():
    apply(a_catalogue_import(*TWO))
    apply(a_catalogue_import(*(row.replace("Fairphone 5", "Fairphone 5 (2026)") for row in TWO)))
    assert Product.objects.get().name == "Fairphone 5 (2026)"


def test_what_is_not_offered_is_archived_and_comes_back():
    apply(a_catalogue_import(*TWO))
    apply(a_catalogue_import("Dustin,5011,nej", headings="distributör,artikelnummer,aktiv"))
    assert [variant.archived_at is None for variant in Variant.objects.order_by("pk")] == [False, True]
    apply(a_catalogue_import("Dustin,5011,ja", headings="distributör,artikelnummer,aktiv"))
    assert Variant.objects.living().count() == 2


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Acme,1,P,phones,,,1,,,", "There is no distributor called so."),
        ("Atea,1,P,phones,,,1,,,", "This distributor is not integrated with the store"),
        (",1,P,phones,,,1,,,", "one of them is missing"),
        ("Dustin,,P,phones,,,1,,,", "one of them is missing"),
        ("Dustin,1,,phones,,,1,,,", "This article is new"),
        ("Dustin,1,P,,,,1,,,", "This article is new"),
        ("Dustin,1,P,boats,,,1,,,", "none of the values"),
        ("Dustin,1,P,phones,,,,,,", "neither a price nor a monthly price"),
        ("Dustin,1,P,phones,,,,99,,3 Step IT", "A monthly price needs its months"),
        ("Dustin,1,P,phones,,,,99,24,", "A monthly price needs its months"),
        ("Dustin,1,P,phones,,,,99,24,Nobody", "There is no leasing provider"),
        ("Dustin,1,P,phones,,,1,,24,", "belongs to a monthly price"),
        ("Dustin,1,P,phones,,,-1,,,", "never below zero"),
        ("Dustin,1,P,phones,,,1e309,,,", "isn't an amount"),
        ("Dustin,1,P,phones,,,NaN,,,", "isn't an amount"),
        ('Dustin,1,P,phones,,,"1.234",,,', "may be 1234 or 1.234"),
        ("Dustin,=1+1,P,phones,,,1,,,", "starts a formula"),
        ("Dustin,1,P,phones,a\u202eb,,1,,,", "can't be kept|cannot be kept"),
        (f"Dustin,1,{'x' * 121},phones,,,1,,,", "longer than 120"),
        ("Dustin,1,P,phones,,,1,,,,x", "more cells than there are headings"),
    ],
)
def test_a_row_is_refused_with_its_reason(row, said):
    import re

    an_external_distributor()
    found = a_catalogue_import(row)
    assert verdicts(found) == ["refused"]
    assert any(re.search(said, words) for words in why(found)), why(found)
    apply(found)
    assert not Product.objects.exists()


def test_one_article_stands_in_a_file_once_and_a_product_says_one_thing():
    found = a_catalogue_import(*TWO, "Dustin,5011,Fairphone 5,phones,Red,,1,,,", "Dustin,9,Fairphone 5,tablets,,,1,,,")
    assert verdicts(found) == ["created", "created", "refused", "refused"]
    assert "Row 2 has the same article" in why(found, 2)[0]
    assert "Row 2 says “phones” of the same product" in why(found, 3)[0]


def test_a_name_that_another_product_has_is_refused():
    apply(a_catalogue_import(*TWO[:1], "Dustin,7,Other,phones,,,1,,,"))
    assert "another product called so" in why(a_catalogue_import("Dustin,7,fairphone 5,,,,,,,"))[0]


def test_what_changed_since_the_preview_is_refused_and_nothing_else():
    apply(a_catalogue_import(*TWO))
    found = a_catalogue_import("Dustin,5011,,,,,4990,,,", "Dustin,5012,,,,,4990,,,", "Dustin,8,New,phones,,,1,,,")
    Variant.objects.filter(article_number="5011").update(price=6000)
    apply(a_catalogue_import("Dustin,8,Other,phones,,,1,,,"))
    apply(found)
    assert verdicts(found) == ["refused", "changed", "refused"]
    assert list(Variant.objects.order_by("article_number").values_list("article_number", "price")) == [
        ("5011", Decimal("6000.00")), ("5012", Decimal("4990.00")), ("8", Decimal("1.00")),
    ]  # fmt: skip


def test_a_preview_is_applied_once_and_only_the_one_that_was_seen():
    found = a_catalogue_import(*TWO)
    with pytest.raises(Refused, match="not the latest"):
        found.apply(by=an_admin(), digest="another", at=clock.now())
    apply(found)
    with pytest.raises(Refused, match="Applied"):
        apply(CatalogueImport.objects.get())
    assert Variant.objects.count() == 2


def test_a_file_that_knows_no_articles_is_turned_away():
    with pytest.raises(Unreadable, match="article number"):
        a_catalogue_import("Dustin,1", headings="distributor,price")


def test_decimal_commas_semicolons_and_windows_are_read():
    an_integrated_distributor()
    text = "Distributör;Artikelnummer;Produkt;Kategori;Färg;Pris\nDustin;77;Hörlurar;Tillbehör;Blå;1 890,50\n"
    found = CatalogueImport.begin(text.encode("cp1252"), "katalog.csv", by=an_admin(), at=clock.now())
    apply(found)
    assert Variant.objects.get().price == Decimal("1890.50")


def test_our_own_export_changes_nothing(client):
    a_variant(a_product("iPhone", description="A phone.\nIt rings."), colour="=Blue", storage="'@x", **bought())
    a_variant(a_product("Dock, “big”", category="accessories"), price=None, archived_at=clock.now())
    found = CatalogueImport.begin(exported().encode(), "export.csv", by=an_admin(), at=clock.now())
    assert (verdicts(found), found.left_out) == (["unchanged"] * 4, [])


text = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), min_size=1, max_size=30)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    colour=st.one_of(text, st.sampled_from(["A\u030a", "=1+1", "+46", "-", "@x", "＝x", "'=", "''@", "\t="])),
    price=st.decimals(0, 9_999_999, places=2), name=text,
)  # fmt: skip
def test_whatever_stands_in_the_catalogue_comes_back_as_it_is(colour, price, name):
    """R73: every cell that a form accepts survives export and import, and none of them starts a formula."""
    from django.db import transaction

    from orders.catalogue.forms import ProductForm, VariantForm

    mark = transaction.savepoint_create()
    try:
        form = ProductForm({"name": name, "category": "phones", "distributor": an_integrated_distributor().ref})
        if not form.is_valid():
            return
        variant = Variant(product=form.save())
        form = VariantForm(
            {"article_number": "1", "colour": colour, "currency": "SEK", "price": str(price)}, instance=variant
        )
        if not form.is_valid():
            return
        form.save()
        file = exported()
        for row in csv.reader(io.StringIO(file)):
            assert not [cell for cell in row if cell[:1] in tuple("=+-@\t\r\n＝＋－＠")]
        found = CatalogueImport.begin(file.encode(), "export.csv", by=None, at=clock.now())
        assert verdicts(found) == ["unchanged"], (found.rows, file)
    finally:
        transaction.savepoint_rollback(mark)


def test_the_country_says_the_vat_until_the_company_does():
    here = StoreSettings.here()
    assert here.vat == 25
    here.vat_percent = Decimal("12.5")
    assert here.vat == Decimal("12.5")
