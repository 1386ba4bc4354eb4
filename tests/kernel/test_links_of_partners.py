"""A link may go to an address outside the company: it stands apart, belongs to no person and signs nobody in."""

from datetime import timedelta

import pytest
from django.http import HttpResponse

from tests.conftest import Browser
from tests.making import a_location, a_person
from velory.post import links
from velory.post.links import OWN, PARTNER, LinkGone, link_for, open_link
from velory.post.models import Link
from velory.tenancy.context import inside

ADDRESS = "Returns@3StepIT.example"
pressed = []


@pytest.fixture(autouse=True)
def two_purposes(monkeypatch):
    """One for partners and one for people, both about a location."""
    monkeypatch.setattr(links, "_purposes", dict(links._purposes))
    pressed.clear()

    def page(request, link, deed=""):
        if request.method == "POST":
            pressed.append(deed)
        return HttpResponse(f"{link.purpose} {deed}")

    links.opens("tests.theirs", binding=lambda link: "open", place=PARTNER)(page)
    links.opens("tests.own", binding=lambda link: "open")(page)


def a_link(at, whose=ADDRESS, purpose="tests.theirs", days=10):
    return link_for(purpose, a_location(), whose, binding="open", expires_at=at.moment + timedelta(days=days))


def token_in(url):
    return url.rstrip("/").rpartition("/")[2]


def test_it_stands_apart_and_names_its_address(at):
    url = a_link(at)
    assert url.startswith("http://nordvik.localhost/partner/")
    link = open_link(token_in(url), at=at.moment, place=PARTNER)
    assert (link.person, link.address) == (None, "returns@3stepit.example")


def test_a_repeat_has_the_same_link_whatever_the_case_of_the_address(at):
    assert a_link(at) == a_link(at, ADDRESS.lower())
    assert a_link(at) != a_link(at, "somebody@dll.example")
    assert Link.objects.count() == 2


def test_neither_place_opens_the_other_s_links(at):
    theirs, own = token_in(a_link(at)), token_in(a_link(at, a_person(), "tests.own"))
    for token, place in [(theirs, OWN), (own, PARTNER)]:
        with pytest.raises(LinkGone, match="unknown"):
            open_link(token, at=at.moment, place=place)
    nobody = Browser(HTTP_HOST="nordvik.localhost")
    assert [nobody.get(f"/{place}/{token}/").status_code for place, token in [("l", theirs), ("partner", own)]] == [
        404
    ] * 2


def test_it_is_unknown_at_another_company_even_with_the_same_row(at, saimaa):
    token = token_in(a_link(at))
    row = Link.objects.values(
        "secret", "purpose", "about_type", "about_id", "address", "binding", "made_at", "expires_at"
    ).get()
    with inside(saimaa):
        Link.objects.create(**row)
        with pytest.raises(LinkGone, match="unknown"):
            open_link(token, at=at.moment, place=PARTNER)


def test_its_page_opens_without_sign_in_and_reading_it_changes_nothing(at):
    url, browser = a_link(at), Browser(HTTP_HOST="nordvik.localhost")
    before = list(Link.objects.values())
    for _again in range(5):
        assert browser.get(f"/partner/{token_in(url)}/").text == "tests.theirs "
    assert "session" not in browser.cookies
    assert list(Link.objects.values()) == before


def test_a_button_needs_the_page_s_own_cookie(at):
    first, second = token_in(a_link(at)), token_in(a_link(at, "somebody@dll.example"))
    browser = Browser(HTTP_HOST="nordvik.localhost")

    refused = browser.post(f"/partner/{first}/confirm/")
    assert refused.status_code == 403
    assert f"/partner/{first}/" in refused.text
    assert "sign in" not in refused.text.lower()
    browser.get(f"/partner/{second}/")
    assert browser.post(f"/partner/{first}/confirm/").status_code == 403
    assert pressed == []

    browser.get(f"/partner/{first}/")
    assert browser.post(f"/partner/{first}/confirm/").status_code == 200
    assert pressed == ["confirm"]


def test_a_letter_that_is_only_shown_holds_no_link_that_works(at):
    with links.for_show_only():
        assert a_link(at) == "http://nordvik.localhost/partner/preview/"
    page = Browser(HTTP_HOST="nordvik.localhost").get("/partner/preview/")
    assert "A preview has no link" in page.text
