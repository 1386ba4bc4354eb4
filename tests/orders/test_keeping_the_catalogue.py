"""Admins keep the catalogue: products, variants, prices, pictures; each change stands in the journal."""

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from orders.models import Picture, Product, Variant
from tests.assets.making import flashes, words
from tests.making import a_lessor, a_person, an_admin, an_external_distributor, an_integrated_distributor
from tests.orders.making import a_catalogue_import, a_picture, a_product, a_variant, bought, image_bytes
from velory.journal.models import Entry
from velory.ui.pictures import NoPicture, decoded


@pytest.fixture
def nils(at_their_desk):
    return at_their_desk(an_admin())


def a_variant_s(**said):
    defaults = {"article_number": "A-1", "colour": "Black", "currency": "SEK", "price": "9490"}
    return defaults | said


def test_a_product_is_added_and_then_its_variant(nils):
    dustin = an_integrated_distributor()
    page = nils.post("/catalogue/new/", {"name": " Fairphone  5 ", "category": "phones", "distributor": dustin.ref})
    product = Product.objects.get()
    assert (page.status_code, page.url) == (303, f"/catalogue/{product.ref}/variants/new/")
    assert (product.name, product.is_offered) == ("Fairphone 5", False)
    assert "It can't be ordered yet" in words(nils.get(product.get_absolute_url()))

    page = nils.post(page.url, a_variant_s())

    assert (page.status_code, page.url) == (303, product.get_absolute_url())
    assert Product.objects.offered().get() == product
    text = words(nils.get(product.get_absolute_url()))
    assert "9,490.00 SEK net, 11,862.50 SEK with VAT" in text
    assert "Nils Wikström added Black to the product Fairphone 5." in text


def test_only_distributors_in_the_store_are_offered(nils):
    an_integrated_distributor()
    an_external_distributor()
    assert 'value="' + an_external_distributor().ref not in nils.get("/catalogue/new/").content.decode()
    sent = {"name": "P", "category": "phones", "distributor": an_external_distributor().ref}
    assert nils.post("/catalogue/new/", sent).status_code == 422
    assert not Product.objects.exists()


def test_a_distributor_sells_a_name_and_an_article_once(nils):
    product = a_product("Fairphone 5", variants=False)
    a_variant(product, article_number="A-1")
    sent = {"name": "FAIRPHONE 5", "category": "phones", "distributor": product.distributor.ref}
    assert "has a product called so already" in words(nils.post("/catalogue/new/", sent))
    other = a_product("Other", variants=False)
    page = nils.post(f"/catalogue/{other.ref}/variants/new/", a_variant_s(article_number="a-1"))
    assert page.status_code == 422
    assert "It is the article number of Fairphone 5" in words(page)
    assert Variant.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"price": ""}, "Fill in a price, a monthly price, or both."),
        ({"price": "-1"}, "An amount is never below zero."),
        ({"price": "1.234"}, "Ensure that there are no more than 2 decimal places."),
        ({"price": "NaN"}, "Enter a number."),
        ({"price": "1e309"}, "Ensure that there are no more than"),
        ({"price": "99999999999"}, "Ensure that there are no more than"),
        ({"currency": "sek"}, "Three capital letters"),
        ({"currency": "ZZZ"}, "There is no currency with this code."),
        ({"monthly_price": "99"}, "A monthly price needs it."),
        ({"months": "24"}, "Fill it in, or clear what belongs to it."),
        ({"monthly_price": "99", "months": "121"}, "Write a whole number from 1 to 120."),
        ({"residual_percent": "101"}, "A percentage lies between 0 and 100."),
        ({"article_number": "a\x00b"}, "Null characters are not allowed."),
        ({"article_number": "a\u202eb"}, "There are characters in it that cannot be seen."),
        ({"article_number": "x" * 61}, "Ensure this value has at most 60 characters"),
        ({"article_number": "  "}, "This field is required."),
    ],
)
def test_a_variant_that_makes_no_sense_is_sent_back(nils, said, why):
    product = a_product(variants=False)
    page = nils.post(f"/catalogue/{product.ref}/variants/new/", a_variant_s(**said))
    assert page.status_code == 422
    assert why in words(page)
    assert not Variant.objects.exists()


def test_a_lease_is_whole(nils):
    product = a_product(variants=False)
    lease = {"monthly_price": "411.23", "months": "24", "provider": a_lessor().ref, "acquisition_price": "9490",
             "residual_percent": "12"}  # fmt: skip
    nils.post(f"/catalogue/{product.ref}/variants/new/", a_variant_s(price="") | lease)
    variant = Variant.objects.get()
    assert [(str(p.mode), p.amount, p.months) for p in variant.prices()] == [("monthly", Decimal("411.23"), 24)]


def test_a_price_is_changed_once_for_two_who_looked_at_the_same_page(nils):
    product = a_product(variants=False)
    variant = a_variant(product, colour="Black", storage="", **bought(article_number="A-1", price=Decimal(1000)))
    address = variant.get_absolute_url()
    version = product.journal.version_of(product)
    sent = a_variant_s(price="990") | {"version": version}
    assert nils.post(address, sent).status_code == 303
    late = nils.post(address, sent | {"price": "980"})
    assert late.status_code == 409
    assert Variant.objects.get().price == 990
    assert [str(e) for e in Entry.objects.filter(step="change_variant")] == [
        "Nils Wikström changed Black of the product Apple iPhone 16 128 GB: price, net: 1000.00 → 990.00."
    ]
    assert nils.post(address, a_variant_s(price="990") | {"version": version + 1}).status_code == 303
    assert Entry.objects.filter(step="change_variant").count() == 1  # nothing changed, nothing said


def test_what_is_archived_is_not_offered_and_comes_back(nils):
    product = a_product()
    nils.post(f"/catalogue/{product.ref}/archive/")
    nils.post(f"/catalogue/{product.ref}/archive/")
    assert not Product.objects.offered().exists()
    assert nils.get("/catalogue/").context["table"].rows == []
    assert nils.get("/catalogue/?view=archived").context["table"].rows == [product]
    nils.post(f"/catalogue/{product.ref}/restore/")
    assert Product.objects.offered().exists()
    assert [entry.step for entry in product.journal] == ["archive", "restore"]
    variant = product.variants.get()
    nils.post(f"/catalogue/{product.ref}/variants/{variant.ref}/archive/")
    assert not Product.objects.offered().exists()
    nils.post(f"/catalogue/{product.ref}/variants/{variant.ref}/restore/")
    assert Product.objects.offered().exists()


def test_a_product_of_a_distributor_that_left_the_store_is_not_offered(nils):
    product = a_product()
    product.distributor.integrated = False
    product.distributor.save()
    assert not Product.objects.offered().exists()
    assert "is not integrated with the store" in words(nils.get(product.get_absolute_url()))


def test_the_list_is_searched_and_filtered(nils):
    a_product("Fairphone 5", variants=False)
    a_variant(Product.objects.get(), colour="Green", **bought())
    a_product("Dell dock", category="accessories")
    for query, found in [
        ("q=green", ["Fairphone 5"]), ("q=dock+dustin", ["Dell dock"]), ("category=accessories", ["Dell dock"]),
        ("mode=monthly", ["Dell dock"]), ("mode=one_off", ["Dell dock", "Fairphone 5"]), ("q=zzz", []),
        ("q=%00", ["Dell dock", "Fairphone 5"]),
        ("mode=junk&page=abc&sort=password", ["Dell dock", "Fairphone 5"]),
    ]:  # fmt: skip
        assert [row.name for row in nils.get(f"/catalogue/?{query}").context["table"].rows] == found, query


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_queries_for_one_product_and_for_three(nils, django_assert_num_queries, number):
    for n in range(number):
        a_variant(a_product(f"Product {n}"))
    nils.get("/catalogue/")
    with django_assert_num_queries(10):
        nils.get("/catalogue/")


def test_the_file_of_the_list_is_what_the_import_takes(nils):
    a_product()
    answer = nils.get("/catalogue/export/?category=phones")
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeffproduct_name,category,distributor,description,article_number")
    assert len(text.splitlines()) == 2


# Importing at the keyboard


def test_a_file_is_looked_at_then_applied(nils):
    an_integrated_distributor()
    text = "distributor,article_number,product_name,category,price,wish\nDustin,1,P,phones,100,x\nAcme,2,Q,phones,1,y\n"
    page = nils.post("/catalogue/imports/", {"file": SimpleUploadedFile("katalog.csv", text.encode())})
    assert page.status_code == 303
    text = words(nils.get(page.url))
    assert "Left out, because no column is called so: wish." in text
    assert "There is no distributor called so. Add it under Partners first." in text
    shown = nils.get(page.url)
    plan = shown.context["import"].digest
    refused = nils.get(f"{page.url}refused/").content.decode("utf-8-sig").splitlines()
    assert refused[0].endswith(",wish,reason")
    assert refused[1].startswith("Acme,2,Q,phones,1,y,")
    assert nils.post(f"{page.url}apply/", {"plan": "x"}).status_code == 409
    assert nils.post(f"{page.url}apply/", {"plan": plan}).status_code == 303
    assert Product.objects.get().name == "P"
    assert nils.post(f"{page.url}apply/", {"plan": plan}).status_code == 409
    assert nils.post(f"{page.url}discard/").status_code == 409
    assert "Result of the import" in words(nils.get(page.url))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "The file is empty"),
        (b"a,b\n1,2\n", "The file needs a column for the distributor"),
        (b"PK\x03\x04xxxx", "This workbook is damaged"),
        (b"distributor,article_number\n", "no rows below"),
        (b"distributor,article_number\n" + b"Dustin,1\n" * 5001, "more than 5,000 rows"),
    ],
)
def test_a_file_that_is_no_catalogue_is_turned_away(nils, content, why):
    page = nils.post("/catalogue/imports/", {"file": SimpleUploadedFile("x.csv", content)})
    assert page.status_code == 422
    assert why in words(page)


def test_a_discarded_import_is_forgotten(nils):
    found = a_catalogue_import()
    page = nils.post(f"{found.get_absolute_url()}discard/")
    assert flashes(page) == ["catalogue.csv is discarded. Nothing of it was applied."]
    assert "catalogue.csv" not in words(nils.get("/catalogue/imports/")).split("Earlier imports")[1]
    assert not Product.objects.exists()


# Pictures


def test_a_picture_is_written_anew_without_what_it_carried(nils):
    product = a_product()
    sent = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "a secret place"
    exif[0x0112] = 6  # turned
    Image.new("RGB", (1600, 800), "red").save(sent, "JPEG", exif=exif, comment=b"<script>")
    page = nils.post(
        f"/catalogue/{product.ref}/pictures/", {"picture": SimpleUploadedFile("../../x.php.jpg", sent.getvalue())}
    )
    assert page.status_code == 303
    picture = Picture.objects.get()
    assert (picture.width, picture.height) == (600, 1200)
    assert picture.large.name.startswith("pictures/")
    answer = nils.get(f"/store/pictures/{picture.ref}/large/")
    kept = b"".join(answer.streaming_content)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/webp", "private, max-age=604800, immutable")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"secret" not in kept
    assert b"<script>" not in kept
    assert Image.open(io.BytesIO(kept)).size == (600, 1200)
    assert nils.get(f"/store/pictures/{picture.ref}/huge/").status_code == 404


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "not a picture"),
        (b"%PDF-1.7", "not a picture"),
        (image_bytes("GIF"), "not a picture"),
        (image_bytes("PNG")[:60], "damaged|not a picture"),
        (image_bytes("JPEG", (400, 400))[:300], "damaged|not a picture"),
        (image_bytes("PNG", (20_000, 2_500)), "40 million"),
        (b"x" * (8 * 1024 * 1024 + 1), "larger than 8 MB"),
    ],
)
def test_what_is_no_picture_is_turned_away(content, why):
    with pytest.raises(NoPicture, match=why):
        decoded(content)


def test_a_product_has_six_pictures_at_most_and_loses_one(nils):
    product = a_product()
    for _n in range(6):
        a_picture(product)
    address = f"/catalogue/{product.ref}/pictures/"
    assert nils.post(address, {"picture": SimpleUploadedFile("x.png", image_bytes())}).status_code == 409
    assert nils.post(f"{address}{product.pictures.first().ref}/remove/").status_code == 303
    assert nils.post(address, {"picture": SimpleUploadedFile("x.png", b"nothing")}).status_code == 422
    assert nils.post(address, {"picture": SimpleUploadedFile("x.png", image_bytes())}).status_code == 303


# Where there is no store


def test_without_the_store_there_is_no_catalogue(nils, at_their_desk, monkeypatch):
    monkeypatch.setattr("velory.tenancy.models.Company.has", lambda self, feature: feature != "store")
    someone = at_their_desk(a_person())
    for address in ("/catalogue/", "/catalogue/new/", "/budgets/", "/budgets/rules/", "/store/", "/store/budget/"):
        assert nils.get(address).status_code == someone.get(address).status_code == 404
    menu = nils.get("/").content.decode()
    assert "/catalogue/" not in menu
    assert "/budgets/" not in menu
    assert "store_settings" not in nils.get("/settings/").content.decode()


def test_the_store_stands_in_everybodys_menu_and_the_catalogue_in_the_admins(at_their_desk):
    own, company = (at_their_desk(by).get("/").content.decode() for by in (a_person(), an_admin()))
    assert 'href="/store/"' in own
    assert 'href="/catalogue/"' not in own
    assert 'href="/catalogue/"' in company
