"""A link in a letter opens one page for one person and company, for a while; it never signs anyone in."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.middleware.csrf import get_token

from tests.conftest import Browser
from tests.making import a_location, a_person
from velory.post import links
from velory.post.links import LinkGone, link_for, open_link
from velory.post.models import Link
from velory.tenancy.context import inside

pressed = []


@pytest.fixture(autouse=True)
def a_purpose(monkeypatch):
    """A purpose of the tests' own: a page about a location, good while its name is what it was."""
    monkeypatch.setattr(links, "_purposes", dict(links._purposes))
    pressed.clear()

    def name_of(link):
        from velory.people.models import Location

        return Location.objects.filter(pk=link.about_id).values_list("name", flat=True).first()

    @links.opens("tests.location", binding=name_of)
    def location_page(request, link, deed=""):
        if request.method == "POST":
            pressed.append(deed)
        return HttpResponse(f"{get_token(request)} {deed}")


def a_link(at, person=None, days=10, **facts):
    place = a_location()
    return link_for(
        "tests.location", place, person or a_person(), binding=place.name, expires_at=at.moment + timedelta(days=days)
    )


def token_in(url):
    return url.split("/l/")[1].strip("/")


def a_browser(host="nordvik.localhost", **kwargs):
    return Browser(HTTP_HOST=host, **kwargs)


def test_the_address_is_on_the_companys_own_host(at):
    assert a_link(at).startswith("http://nordvik.localhost/l/")


def test_a_repeat_of_a_letter_has_the_same_link(at):
    person = a_person()
    assert a_link(at, person) == a_link(at, person)
    assert a_link(at, person) != a_link(at, a_person())
    assert Link.objects.count() == 2


def test_a_later_letter_keeps_the_link_open_for_longer(at):
    person = a_person()
    assert a_link(at, person, days=5) == a_link(at, person, days=50)
    assert Link.objects.get().expires_at == at.moment + timedelta(days=50)


def test_a_link_that_has_ended_is_followed_by_another(at):
    person = a_person()
    first = a_link(at, person, days=5)
    at("2026-12-22T07:00")
    assert a_link(at, person, days=5) != first


def test_it_knows_what_it_is_for(at):
    person = a_person()
    link = open_link(token_in(a_link(at, person)), at=at.moment)
    assert (link.purpose, link.person, link.about_id) == ("tests.location", person, a_location().pk)


@pytest.mark.parametrize("spoil", [
    lambda t: "", lambda t: t[:-1], lambda t: t + "A", lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"),
    lambda t: ("A" if t[0] != "A" else "B") + t[1:], lambda t: t + t, lambda t: t[24:], lambda t: t.swapcase(),
])  # fmt: skip
def test_a_token_that_we_did_not_write_is_unknown(at, spoil):
    with pytest.raises(LinkGone, match="unknown"):
        open_link(spoil(token_in(a_link(at))), at=at.moment)


def test_it_is_unknown_to_every_other_company(at, saimaa):
    token = token_in(a_link(at))
    row = Link.objects.get()
    with inside(saimaa):
        stranger = a_person(email="a@saimaa.example")
        Link.objects.create(
            secret=row.secret, purpose=row.purpose, about_type=row.about_type, about_id=row.about_id, person=stranger,
            binding=row.binding, made_at=row.made_at, expires_at=row.expires_at,
        )  # fmt: skip
        with pytest.raises(LinkGone, match="unknown"):
            open_link(token, at=at.moment)
    assert a_browser("saimaa.localhost").get(f"/l/{token}/").status_code == 404


def test_it_ends(at):
    token = token_in(a_link(at, days=10))
    open_link(token, at=at.moment + timedelta(days=10, seconds=-1))
    with pytest.raises(LinkGone, match="expired"):
        open_link(token, at=at.moment + timedelta(days=10))


def test_it_is_void_once_what_it_was_about_has_moved_on(at):
    token = token_in(a_link(at))
    place = a_location()
    place.name = "Kiruna"
    place.save()
    with pytest.raises(LinkGone, match="moved"):
        open_link(token, at=at.moment)


def test_it_can_be_voided_with_all_others_about_the_same_thing(at):
    token = token_in(a_link(at))
    assert links.void_links(a_location(), at=at.moment) == 1
    with pytest.raises(LinkGone, match="void"):
        open_link(token, at=at.moment)


def test_a_rotated_key_still_opens_yesterdays_letters(at, settings):
    token = token_in(a_link(at))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 10
    open_link(token, at=at.moment)
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(LinkGone, match="unknown"):
        open_link(token, at=at.moment)


def test_a_letter_that_is_only_shown_holds_no_link_that_works(at):
    with links.for_show_only():
        assert a_link(at) == "http://nordvik.localhost/l/preview/"
    assert not Link.objects.exists()
    page = a_browser().get("/l/preview/")
    assert page.status_code == 200
    assert "A preview has no link" in page.text


# At the keyboard


def test_the_page_opens_without_sign_in_and_changes_nothing(at):
    url = a_link(at)
    before = list(Link.objects.values())
    browser = a_browser()
    for method in (browser.get, browser.head, browser.get):
        page = method(f"/l/{token_in(url)}/")
        assert page.status_code == 200
        assert "sessionid" not in browser.cookies
        assert "session" not in browser.cookies
    assert browser.options(f"/l/{token_in(url)}/").status_code == 405
    assert list(Link.objects.values()) == before
    assert pressed == []


def test_its_address_reaches_no_other_site_and_no_cache(at):
    page = a_browser().get(f"/l/{token_in(a_link(at))}/")
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]


def test_a_button_is_pressed_only_by_who_has_opened_the_page(at):
    token = token_in(a_link(at))
    browser = a_browser()
    page = browser.post(f"/l/{token}/start/")
    assert page.status_code == 403
    assert pressed == []
    assert "Open the page once more" in page.text
    browser.get(f"/l/{token}/")
    assert browser.post(f"/l/{token}/start/").text.endswith("start")
    assert pressed == ["start"]


def test_the_cookie_of_one_page_opens_no_other(at):
    token, other = token_in(a_link(at)), token_in(a_link(at, a_person()))
    browser = a_browser()
    browser.get(f"/l/{other}/")
    assert browser.post(f"/l/{token}/start/").status_code == 403
    assert pressed == []


def test_a_form_needs_its_csrf_token_too(at):
    token = token_in(a_link(at))
    browser = a_browser(enforce_csrf_checks=True)
    form = browser.get(f"/l/{token}/").text.split()[0]
    assert browser.post(f"/l/{token}/start/").status_code == 403
    page = browser.post(f"/l/{token}/start/", {"csrfmiddlewaretoken": form})
    assert page.status_code == 200
    assert pressed == ["start"]


@pytest.mark.parametrize(("why", "words"), [
    ("expired", "This link has expired"), ("void", "This link no longer works"), ("moved", "This is no longer yours"),
])  # fmt: skip
def test_a_link_that_is_gone_says_why_and_leads_to_sign_in(at, why, words):
    person = a_person("Ebba", "Nyström")
    token = token_in(a_link(at, person))
    place = a_location()
    if why == "expired":
        at("2027-01-22T07:00")
    elif why == "void":
        links.void_links(place, at=at.moment)
    else:
        place.name = "Kiruna"
        place.save()
    page = a_browser().get(f"/l/{token}/")
    assert page.status_code == 410
    assert words in page.text
    assert "/account/login/" in page.text
    for personal in ("Ebba", "Nyström", person.email, place.name):
        assert personal not in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert a_browser().post(f"/l/{token}/start/").status_code == 410


def test_unknown_and_missing_look_the_same():
    forged = a_browser().get("/l/" + "x" * 48 + "/")
    missing = a_browser().get("/nothing-here/")
    assert forged.status_code == missing.status_code == 404
    assert forged.content == missing.content
