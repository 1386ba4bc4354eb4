"""People sign in with a password or a code by mail, and nobody learns who else could."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.urls import reverse

from tests.kernel.signing_in import (
    PASSWORD,
    a_browser,
    ask_for_code,
    ask_for_reset,
    is_in,
    sign_in,
    somebody,
    the_letter,
)
from tests.making import a_person, an_admin
from velory import clock
from velory.people import limits
from velory.people.models import Person
from velory.post.models import Letter
from velory.tenancy.context import inside

pytestmark = pytest.mark.usefixtures("nobody_has_knocked")


@pytest.fixture
def browser():
    return a_browser()


# With a password


def test_a_password_opens_the_door(browser):
    person = somebody()

    answer = sign_in(browser, person.email)

    assert (answer.status_code, answer.url) == (302, "/")
    assert is_in(browser)


def test_the_address_is_known_in_any_case_and_with_blanks_around_it(browser):
    person = somebody()
    sign_in(browser, f"  {person.email.upper()} ")
    assert is_in(browser)


@pytest.mark.parametrize("wrong", [PASSWORD + " ", " " + PASSWORD, PASSWORD.upper(), "", "x" * 201, "nul\0nul"])
def test_another_password_does_not(browser, wrong):
    person = somebody()
    assert sign_in(browser, person.email, wrong).status_code == 200
    assert not is_in(browser)


def test_a_megabyte_of_password_is_a_form_error(browser):
    answer = sign_in(browser, somebody().email, "x" * 1_000_000)
    assert answer.status_code == 200
    assert answer.context["form"].errors["password"]


def test_wrong_password_unknown_address_and_ended_access_are_answered_alike(browser):
    here, gone = somebody(), somebody(is_active=False)
    over = somebody(last_day_on=clock.today() - timedelta(days=1))

    answers = [
        sign_in(a_browser(), email, password)
        for email, password in [
            (here.email, "not the password"),
            ("nobody@nordvik.example", PASSWORD),
            (gone.email, PASSWORD),
            (over.email, PASSWORD),
        ]
    ]

    assert {a.status_code for a in answers} == {200}
    assert len({str(a.context["form"].non_field_errors()) for a in answers}) == 1


def test_somebody_without_a_password_cannot_sign_in_with_one(browser):
    person = a_person()
    for guess in ("", "!", person.password):
        assert sign_in(browser, person.email, guess).status_code == 200
    assert not is_in(browser)


@pytest.mark.parametrize(
    "evil",
    [
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "https://evil.example/",
        "http:evil",
        "\t//evil.example",
        "///evil",
    ],
)
def test_after_signing_in_one_stays_on_this_host(browser, evil):
    assert sign_in(browser, somebody().email, next=evil).url == "/"


def test_one_goes_on_to_where_one_was_going(browser):
    answer = browser.get("/you/?tab=x")
    assert answer.url == "/account/login/?next=/you/%3Ftab%3Dx"
    assert sign_in(browser, somebody().email, next="/you/?tab=x").url == "/you/?tab=x"


def test_nobody_becomes_somebody_else_without_signing_out(browser):
    nils, orjan = somebody(), somebody()
    sign_in(browser, nils.email)
    sign_in(browser, orjan.email)
    assert browser.get("/you/").context["person"] == nils


# How often


def test_guessing_one_address_is_stopped_even_for_the_right_password(browser):
    person = somebody()
    for _ in range(8):
        sign_in(browser, person.email, "guess")

    answer = sign_in(browser, person.email)

    assert "too often" in str(answer.context["form"].non_field_errors())
    assert not is_in(browser)


def test_a_right_password_is_not_counted(browser):
    person = somebody()
    for _ in range(12):
        sign_in(a_browser(), person.email)
    sign_in(browser, person.email)
    assert is_in(browser)


def test_two_hundred_forged_clients_are_one(browser):
    refused = 0
    for n in range(200):
        answer = browser.post(
            "/account/login/",
            {"login": f"guess{n}@nordvik.example", "password": "guess"},
            HTTP_X_FORWARDED_FOR=f"10.0.{n // 250}.{n % 250}",
        )
        refused += "too often" in str(answer.context["form"].non_field_errors())
    assert refused >= 200 - 2 * limits.LIMITS["sign_in"]["client"][0]


def test_behind_proxies_the_client_is_the_one_that_the_last_of_ours_saw(rf, settings):
    settings.ENV = settings.ENV.model_copy(update={"velory_trusted_proxies": 2})
    seen = rf.get("/", HTTP_X_FORWARDED_FOR="1.1.1.1, 2.2.2.2, 3.3.3.3", REMOTE_ADDR="10.0.0.1")
    assert limits.client_of(seen) == "2.2.2.2"
    short = rf.get("/", HTTP_X_FORWARDED_FOR="1.1.1.1", REMOTE_ADDR="10.0.0.1")
    assert limits.client_of(short) == "10.0.0.1"


def test_a_network_of_ipv6_is_one_client(rf):
    one, two = (rf.get("/", REMOTE_ADDR=f"2001:db8:1:2::{n}") for n in (1, 2))
    assert limits.client_of(one) == limits.client_of(two) == "2001:db8:1:2::/64"


def test_without_the_cache_people_still_sign_in_and_the_log_alarms(browser, settings, caplog):
    caches = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}
    settings.CACHES = caches
    sign_in(browser, somebody().email)
    assert is_in(browser)
    assert "are not counted, the cache is down" in caplog.text


# With a code


def test_a_code_by_mail_signs_in(browser):
    person = somebody()
    answer = ask_for_code(browser, person.email)
    assert answer.url == "/account/code/confirm/"

    letter = the_letter("sign_in_code")
    answer = browser.post("/account/code/confirm/", {"code": letter.context["code"]})

    assert (letter.to, letter.person) == (person.email, person)
    assert answer.status_code == 302
    assert is_in(browser)


def test_a_code_works_once_in_the_browser_that_asked(browser):
    person = somebody()
    ask_for_code(browser, person.email)
    code = the_letter("sign_in_code").context["code"]

    other = a_browser()
    ask_for_code(other, somebody().email)
    other.post("/account/code/confirm/", {"code": code})
    assert not is_in(other)

    browser.post("/account/code/confirm/", {"code": code})
    browser.post("/account/logout/")
    browser.post("/account/code/confirm/", {"code": code})
    assert not is_in(browser)


def test_three_wrong_codes_and_one_begins_again(browser):
    ask_for_code(browser, somebody().email)
    code = the_letter("sign_in_code").context["code"]
    for _ in range(3):
        browser.post("/account/code/confirm/", {"code": "BBBB-BBBB"})
    browser.post("/account/code/confirm/", {"code": code})
    assert not is_in(browser)


def test_codes_can_be_asked_for_a_few_times_only(browser):
    person = somebody()
    for _ in range(6):
        ask_for_code(a_browser(), person.email)
    assert Letter.objects.filter(template="people/sign_in_code").count() == limits.LIMITS["code"]["address"][0]


def test_for_an_unknown_address_everything_looks_the_same_and_nothing_is_written(browser):
    known, unknown = a_browser(), browser
    person = somebody()

    pages = []
    for who, email in ((known, person.email), (unknown, "nobody@nordvik.example")):
        sent = ask_for_code(who, email)
        page = who.get(sent.url)
        wrong = who.post(sent.url, {"code": "BBBB-BBBB"})
        pages.append([sent.url, *(without_tokens(p, email) for p in (page, wrong))])

    assert pages[0] == pages[1]
    assert Letter.objects.count() == 1


def test_a_code_is_void_once_access_has_ended_or_the_address_has_changed(browser):
    for change in ({"is_active": False}, {"email": "new.address@nordvik.example"}):
        Letter.objects.all().delete()
        person, asked = somebody(), a_browser()
        ask_for_code(asked, person.email)
        code = the_letter("sign_in_code").context["code"]
        Person.objects.filter(pk=person.pk).update(**change)
        asked.post("/account/code/confirm/", {"code": code})
        assert not is_in(asked)


def test_an_old_address_never_signs_in(browser):
    person = somebody(email="old@nordvik.example")
    EmailAddress.objects.create(user=person, email="old@nordvik.example", verified=True, primary=True)
    person.change(by=an_admin(), at=clock.now(), email="new@nordvik.example")

    sign_in(browser, "old@nordvik.example")
    ask_for_code(browser, "old@nordvik.example")
    ask_for_reset(browser, "old@nordvik.example")

    assert not is_in(browser)
    assert not Letter.objects.exists()


def test_signing_in_leaves_no_second_list_of_addresses(browser):
    person = somebody()
    ask_for_reset(browser, person.email)
    ask_for_code(browser, person.email)
    browser.post("/account/code/confirm/", {"code": the_letter("sign_in_code").context["code"]})
    assert not EmailAddress.objects.exists()


def test_an_address_in_both_companies_is_two_people(browser, saimaa):
    person = somebody(email="both@example.com")
    with inside(saimaa):
        a_person(email="both@example.com")
    there = a_browser("saimaa.localhost")
    sign_in(there, person.email)
    assert not is_in(there)


def test_what_is_not_offered_is_not_there(browser):
    for path in ("signup/", "email/", "confirm-email/", "password/change/", "reauthenticate/", ""):
        assert browser.get(f"/account/{path}").status_code in {302, 404}
        assert browser.post(f"/account/{path}").status_code in {302, 404}


# How long it takes


def test_known_and_unknown_addresses_take_the_same_time(browser):
    """Medians of 40 each; the bound is wide, because other work shares the machine."""
    from statistics import median
    from time import perf_counter

    person = somebody()

    def takes(ask, email):
        cache.clear()
        began = perf_counter()
        ask(a_browser(), email)
        return perf_counter() - began

    for ask in (ask_for_reset, ask_for_code):
        times = [(takes(ask, person.email), takes(ask, f"nobody{n}@nordvik.example")) for n in range(40)]
        known, unknown = (median(column) for column in zip(*times, strict=True))
        assert 0.5 < known / unknown < 2


def test_every_page_of_signing_in_is_open(browser):
    for name in (
        "account_login",
        "account_request_login_code",
        "account_reset_password",
        "account_reset_password_done",
        "account_inactive",
    ):
        assert browser.get(reverse(name)).status_code == 200


def without_tokens(page, email):
    words = page.content.decode().replace(email, "")
    return re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", words)
