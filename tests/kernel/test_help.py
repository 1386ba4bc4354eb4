"""The handbook in the product: everybody finds the books that are theirs, in their language."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import Browser
from tests.making import a_person, an_admin
from velory.help.finding import find
from velory.help.handbook import read
from velory.help.rendering import in_html, in_words


def text(page):
    return page.content.decode()


def test_an_employee_reads_their_own_book_in_their_language(at_their_desk):
    desk = at_their_desk(a_person(language="sv"))
    page = text(desk.get("/help/"))
    assert read("employees", "sv").title in page
    assert read("admins", "en").title not in page
    assert "<h1>Beställ en telefon</h1>" in text(desk.get("/help/employees/order-a-phone/"))
    assert desk.get("/help/admins/").status_code == 404
    assert desk.get("/help/admins/what-waits/").status_code == 404


def test_an_admin_reads_all_of_a_company_s_books(at_their_desk):
    desk = at_their_desk(an_admin(language="sv"))
    page = text(desk.get("/help/"))
    for name, language in (("admins", "en"), ("employees", "sv"), ("partners", "en")):
        assert read(name, language).title in page
    assert "Den här delen är skriven på engelska." in text(desk.get("/help/admins/what-waits/"))
    assert desk.get("/help/operators/").status_code == 404


def test_nobody_signed_in_reads_what_partners_read_and_nothing_else(client):
    assert client.get("/help/").status_code == 302
    assert client.get("/help/employees/").status_code == 302
    assert "Fulfil an order from the mail" in text(client.get("/help/partners/"))
    assert client.get("/help/partners/fulfil-an-order/").status_code == 200
    assert client.get("/help/partners/nothing/").status_code == 404


@pytest.mark.parametrize("path", ["/help/partners/", "/help/partners/send-a-return-label/"])
def test_partners_pages_stand_at_the_public_address_too(path):
    assert Browser(HTTP_HOST="localhost").get(path).status_code == 200


def test_the_base_domain_says_what_is_open_and_where_the_rest_is_read():
    page = Browser(HTTP_HOST="localhost").get("/help/")
    assert page.status_code == 200
    assert "Fulfil an order from the mail" in text(page)
    assert "find your company</a> and sign in" in page.text
    assert "find your company" not in text(Browser(HTTP_HOST="localhost").get("/help/partners/"))
    assert Browser(HTTP_HOST="localhost").get("/help/employees/").status_code == 404


def test_a_page_has_no_query_of_its_own(at_their_desk):
    desk = at_their_desk(an_admin())
    desk.get("/help/")
    asked = []
    for path in ("/help/", "/help/admins/what-waits/", "/help/?q=return"):
        with CaptureQueriesContext(connection) as queries:
            desk.get(path)
        asked.append(len(queries))
    assert len(set(asked)) == 1, asked
    assert asked[0] <= 3  # the session, who is signed in, and what the frame itself asks


def test_at_the_foot_of_a_page_stands_what_the_handbook_says_of_it(at_their_desk):
    assert "/help/admins/what-waits/" in text(at_their_desk(an_admin()).get("/"))
    someone = at_their_desk(a_person())
    assert "/help/employees/your-hardware/" in text(someone.get("/"))
    assert "/help/employees/ask-somebody/" in text(someone.get("/you/support/"))


# Finding


def test_words_are_found_whatever_their_case_and_accents(at_their_desk):
    page = text(at_their_desk(a_person(language="sv")).get("/help/", {"q": "ATERLAMNA"}))
    assert "/help/employees/when-a-lease-ends/" in page
    assert "<mark" in page


def test_every_word_has_to_be_there_and_titles_come_first():
    books = [read("employees", "en")]
    assert next(one.page.name for one in find(books, "report fault")) == "report-a-fault"
    assert find(books, "fault zebra") == []
    assert find(books, "  ") == []


def test_what_is_found_nowhere_is_said(at_their_desk):
    page = text(at_their_desk(a_person(language="en")).get("/help/", {"q": "<b>zebra"}))
    assert "No page has these words" in page
    assert "<b>zebra" not in page


def test_the_search_from_anywhere_finds_the_handbook(at_their_desk):
    page = text(at_their_desk(a_person(language="en")).get("/search/", {"q": "report fault"}))
    assert "/help/employees/report-a-fault/" in page
    assert "/help/admins/" not in page


# Rendering


def test_markdown_that_holds_markup_shows_it_as_text():
    assert "<script>" not in in_html("<script>alert(1)</script>\n\nA <b>word</b>.", "employees")
    assert 'href="javascript' not in in_html("[here](javascript:alert(1))", "employees")


def test_links_pictures_and_places_stay_in_the_product():
    html = in_html(
        "[a](your-budget.md) [b](../../admins/en/find.md#search) `/hardware/` `/partner/<token>/`", "employees"
    )
    assert 'href="/help/employees/your-budget/"' in html
    assert 'href="/help/admins/find/#search"' in html
    assert '<a class="link" href="/hardware/"><code>/hardware/</code></a>' in html
    assert "<code>/partner/&lt;token&gt;/</code>" in html


def test_a_page_is_searched_without_its_marks():
    assert in_words("# A\n\nPress **Save** at `/you/`.") == "A\nPress Save at /you/."
