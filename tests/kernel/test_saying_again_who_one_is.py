"""What cannot be taken back is asked of whoever said who they are within ten minutes (reliability R67)."""

import re
from datetime import timedelta

import pytest

from tests.making import a_person, an_admin
from velory import clock
from velory.people.again import SAID_AT, safe
from velory.post.models import Letter
from velory.support.models import SupportSettings

EXPORT = "/settings/export/"


@pytest.fixture
def desk(at_their_desk):
    """An admin who signed in an hour ago."""
    admin = an_admin()
    admin.set_password("correct horse")
    admin.save()
    browser = at_their_desk(admin)
    long_ago(browser)
    browser.admin = admin
    return browser


def long_ago(browser, ago=timedelta(hours=1)):
    session = browser.session
    session[SAID_AT] = (clock.wall() - ago).isoformat()
    session.save()


def asked(answer):
    return answer.status_code == 303 and answer.url.startswith("/you/again/")


def test_after_ten_minutes_one_is_asked_and_comes_back(desk):
    sent = desk.post(EXPORT, headers={"referer": f"http://nordvik.localhost{EXPORT}"})
    assert (sent.status_code, sent.url) == (303, "/you/again/?next=%2Fsettings%2Fexport%2F")
    assert "Is it you?" in desk.get(sent.url).content.decode()

    before = desk.cookies["session"].value
    back = desk.post("/you/again/", {"action": "password", "password": "correct horse", "next": EXPORT})
    assert (back.status_code, back.url) == (303, EXPORT)
    assert desk.cookies["session"].value != before
    assert not asked(desk.post(EXPORT))


def test_whoever_pressed_a_button_reads_that_it_is_to_be_pressed_again(desk):
    desk.post(EXPORT, headers={"referer": f"http://nordvik.localhost{EXPORT}"})
    desk.post("/you/again/", {"action": "password", "password": "correct horse", "next": EXPORT})
    page = desk.get(EXPORT).content.decode()
    assert "Nothing has been done yet: press the button once more." in page
    assert "once more" not in desk.get(EXPORT).content.decode()


@pytest.mark.parametrize(("ago", "is_asked"), [(9, False), (11, True)])
def test_it_holds_for_ten_minutes(desk, ago, is_asked):
    long_ago(desk, timedelta(minutes=ago))
    assert asked(desk.post(EXPORT)) is is_asked


def test_a_wrong_password_opens_nothing(desk):
    answer = desk.post("/you/again/", {"action": "password", "password": "wrong", "next": EXPORT})
    assert answer.status_code == 422
    assert "That is not your password" in answer.content.decode()
    assert asked(desk.post(EXPORT))


def code_in_the_mail(person):
    return Letter.objects.of_template("people/sign_in_code").filter(person=person).latest("pk").context["code"]


def test_a_code_from_a_mail_does_as_well(desk):
    desk.post("/you/again/", {"action": "send", "next": EXPORT})
    code = code_in_the_mail(desk.admin)
    assert re.fullmatch(r"\w{4}-\w{4}", code)
    back = desk.post("/you/again/", {"action": "code", "code": code.lower().replace("-", " "), "next": EXPORT})
    assert (back.status_code, back.url) == (303, EXPORT)
    assert not asked(desk.post(EXPORT))

    long_ago(desk)
    assert desk.post("/you/again/", {"action": "code", "code": code, "next": EXPORT}).status_code == 422


def test_a_code_is_tried_five_times_and_is_no_good_elsewhere(desk, at_their_desk):
    desk.post("/you/again/", {"action": "send"})
    code = code_in_the_mail(desk.admin)
    other = at_their_desk(desk.admin)
    assert other.post("/you/again/", {"action": "code", "code": code}).status_code == 422
    for _try in range(5):
        assert desk.post("/you/again/", {"action": "code", "code": "BBBB-BBBB"}).status_code == 422
    assert desk.post("/you/again/", {"action": "code", "code": code}).status_code == 422


def test_a_code_ends(desk, monkeypatch):
    desk.post("/you/again/", {"action": "send"})
    code = code_in_the_mail(desk.admin)
    later = clock.wall() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "wall", lambda: later)
    assert desk.post("/you/again/", {"action": "code", "code": code}).status_code == 422


@pytest.mark.parametrize("evil", ["//evil.example/", "https://evil.example", "/\\evil.example", "evil", "javascript:x"])
def test_it_leads_back_to_this_host_alone(evil):
    assert safe(evil) == "/"


def test_whoever_has_no_password_has_codes(at_their_desk):
    person = a_person(language="en")
    person.set_unusable_password()
    person.save()
    page = at_their_desk(person).get("/you/again/").content.decode()
    assert "Send me a code" in page
    assert "Go on with the password" not in page


def test_signing_in_counts(client):
    admin = an_admin()
    admin.set_password("correct horse")
    admin.save()
    client.post("/account/login/", {"login": admin.email, "password": "correct horse"})
    assert not asked(client.post(EXPORT))


@pytest.mark.parametrize("path", ["connect/", "name-account/", "take-away/", "ask/", "check/"])
def test_payee_accounts_are_changed_by_whoever_it_is_for_sure(desk, path):
    from tests.making import a_lessor

    answer = desk.post(f"/payments/payees/{a_lessor().ref}/{path}")
    assert asked(answer) is (path != "check/")


def test_a_leave_for_ever_to_look_is_asked_about_like_each_by_itself(desk):
    assert desk.get("/settings/support/").status_code == 200
    assert asked(desk.post("/settings/support/", {"support_may_look": "with_notice"}))
    assert SupportSettings.here().support_may_look == "when_allowed"
