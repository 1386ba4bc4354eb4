"""Whoever has forgotten their password gets a link by mail; whoever has not, says the present one first."""

import re

import pytest

from tests.conftest import Browser
from tests.kernel.signing_in import (
    OTHER,
    PASSWORD,
    a_browser,
    ask_for_reset,
    is_in,
    path_of,
    sign_in,
    somebody,
    the_letter,
)
from velory.people.models import Person
from velory.post.models import Letter

pytestmark = pytest.mark.usefixtures("nobody_has_knocked")


@pytest.fixture
def browser():
    return a_browser()


def test_a_link_leads_to_a_new_password_and_ends_every_other_session(browser):
    person = somebody()
    elsewhere = a_browser()
    sign_in(elsewhere, person.email)

    assert ask_for_reset(browser, person.email).url == "/account/password/sent/"
    page = browser.get(path_of(the_letter("password_reset").context["link"]), follow=True)
    browser.post(page.request["PATH_INFO"], {"password1": OTHER})

    assert is_in(browser)
    assert not is_in(elsewhere)
    assert Person.objects.get(pk=person.pk).check_password(OTHER)


def test_the_token_leaves_the_address_bar(browser):
    ask_for_reset(browser, somebody().email)
    page = browser.get(path_of(the_letter("password_reset").context["link"]))
    assert page.url.endswith("/set-password/")


@pytest.mark.parametrize(
    "forged",
    [
        {"HTTP_HOST": "nordvik.localhost", "HTTP_X_FORWARDED_HOST": "evil.example"},
        {"HTTP_HOST": "NORDVIK.localhost."},
        {"HTTP_HOST": "nordvik.localhost:1", "HTTP_FORWARDED": "host=evil.example"},
        {"HTTP_HOST": "nordvik.localhost", "SERVER_NAME": "evil.example"},
    ],
)
def test_the_link_names_the_stored_host_whatever_the_request_says(forged):
    ask_for_reset(Browser(), somebody().email, **forged)
    assert re.match(r"http://nordvik\.localhost(:\d+)?/account/password/", the_letter("password_reset").context["link"])


def test_a_reset_link_works_once(browser):
    person = somebody()
    ask_for_reset(browser, person.email)
    path = path_of(the_letter("password_reset").context["link"])
    page = browser.get(path, follow=True)
    browser.post(page.request["PATH_INFO"], {"password1": OTHER})

    late = a_browser().get(path)

    assert late.context["token_fail"] is True


def test_looking_at_a_reset_link_uses_nothing_up(browser):
    ask_for_reset(browser, somebody().email)
    path = path_of(the_letter("password_reset").context["link"])
    for scan in ("head", "get", "get", "get", "get", "get"):
        assert getattr(a_browser(), scan)(path).status_code == 302
    assert "form" in browser.get(path, follow=True).context


def test_a_reset_link_ends_with_the_hour_the_password_the_address_and_the_access(at):
    def is_open(change):
        Letter.objects.all().delete()
        at("2026-11-22T07:00")
        person = somebody()
        ask_for_reset(a_browser(), person.email)
        change(person)
        page = a_browser().get(path_of(the_letter("password_reset").context["link"]))
        return page.status_code == 302

    def later(person):
        at("2026-11-22T08:00:01")

    def another_password(person):
        person.set_password(OTHER)
        person.save()

    assert is_open(lambda person: None)
    assert is_open(lambda person: at("2026-11-22T08:00:00"))
    assert not is_open(later)
    assert not is_open(another_password)
    assert not is_open(lambda person: Person.objects.filter(pk=person.pk).update(email="other@nordvik.example"))
    assert not is_open(lambda person: Person.objects.filter(pk=person.pk).update(is_active=False))


@pytest.mark.parametrize("spoil", [lambda p: p[:-5] + "/", lambda p: p[:-1] + p[-10:], lambda p: p.replace("-", "", 1)])
def test_a_spoilt_reset_link_opens_nothing(browser, spoil):
    ask_for_reset(browser, somebody().email)
    answer = browser.get(spoil(path_of(the_letter("password_reset").context["link"])))
    assert answer.status_code == 404 or answer.context["token_fail"]


def test_a_reset_link_is_not_for_somebody_else(browser):
    one, two = somebody(), somebody()
    ask_for_reset(browser, one.email)
    path = path_of(the_letter("password_reset").context["link"])
    answer = browser.get(path.replace(one.ref[2:], two.ref[2:]))
    assert answer.context["token_fail"] is True


def test_asking_for_a_link_tells_nobody_who_is_here(browser):
    answers = [ask_for_reset(browser, email) for email in (somebody().email, "nobody@nordvik.example")]
    assert answers[0].url == answers[1].url
    assert Letter.objects.filter(template="people/password_reset").count() == 1


@pytest.mark.parametrize("weak", ["short", "1234567890", "password123", "orjanjensen"])
def test_a_weak_password_is_refused_in_words(browser, weak):
    person = somebody(email="orjanjensen@nordvik.example")
    ask_for_reset(browser, person.email)
    page = browser.get(path_of(the_letter("password_reset").context["link"]), follow=True)
    answer = browser.post(page.request["PATH_INFO"], {"password1": weak})
    assert answer.context["form"].errors["password1"]
    assert Person.objects.get(pk=person.pk).check_password(PASSWORD)


def test_changing_the_password_asks_for_the_present_one_and_signs_others_out(browser):
    person, elsewhere = somebody(), a_browser()
    for each in (browser, elsewhere):
        sign_in(each, person.email)

    refused = browser.post("/you/password/", {"password": "wrong", "password1": OTHER})
    done = browser.post("/you/password/", {"password": PASSWORD, "password1": OTHER})

    assert (refused.status_code, done.status_code) == (422, 303)
    assert is_in(browser)
    assert not is_in(elsewhere)
    assert [e.step for e in person.journal] == ["changed_password"]
