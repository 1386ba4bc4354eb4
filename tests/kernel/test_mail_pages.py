"""Admins see every letter with what became of it, what is planned, and how the company writes; nobody else does."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kernel.posting import TEMPLATE, RefusingServer, a_kind, a_letter, post_is_sent, the_letter
from tests.making import a_person, an_admin
from velory import clock
from velory.post import planned
from velory.post.letters import draft
from velory.post.models import Letter, MailSettings, RefusedAddress
from velory.post.planned import Planned, plans


@pytest.fixture(autouse=True)
def kind(monkeypatch):
    return a_kind(monkeypatch)


@pytest.fixture
def admin(at_their_desk):
    return at_their_desk(an_admin())


PLACES = [
    "/mail/", "/mail/planned/", "/mail/refused/", "/mail/texts/", "/mail/identity/", "/mail/settings/",
    "/settings/health/",
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_it_is_for_admins(at_their_desk, client, place):
    assert at_their_desk(a_person()).get(place).status_code == 403
    assert client.get(place).status_code == 302


def test_one_letter_is_for_admins(at, at_their_desk, client):
    letter = a_letter(a_person(), at)
    for place in ("", "html/", "again/"):
        send = "post" if place == "again/" else "get"
        address = f"/mail/{letter.ref}/{place}"
        assert getattr(at_their_desk(a_person()), send)(address).status_code == 403
        assert getattr(client, send)(address).status_code == 302
    assert Letter.objects.count() == 1


def test_the_list_finds_by_recipient_subject_and_state(at, admin):
    a_letter(a_person("Ebba", "Nyström"), at, key="1")
    a_letter(a_person("Örjan", "Jensen", is_active=False), at, key="2")
    post_is_sent(at)
    page = admin.get("/mail/").text
    assert "Ebba Nyström" in page
    assert "Örjan Jensen" in page
    assert "Örjan" not in admin.get("/mail/?q=lind").text
    assert "Ebba" not in admin.get("/mail/?state=voided").text
    assert "No letter matches" in admin.get("/mail/?q=nobody").text


def test_the_list_costs_the_same_however_long_it_is(at, admin, django_assert_num_queries):
    a_letter(a_person(), at, key="0")
    admin.get("/mail/")  # the host is looked up
    with CaptureQueriesContext(connection) as captured:
        admin.get("/mail/")
    for number in range(1, 30):
        a_letter(a_person(), at, key=f"{number}")
    with django_assert_num_queries(len(captured)):
        admin.get("/mail/")


def test_a_letter_is_shown_as_it_went(at, admin):
    a_letter(a_person("Ebba", language="en"), at)
    post_is_sent(at)
    page = admin.get(the_letter().get_absolute_url()).text
    assert the_letter().subject in page
    assert "Hello Ebba," in page
    assert "Sent" in page


def test_its_frame_can_do_nothing(at, admin):
    a_letter(a_person("Ebba", language="en"), at)
    post_is_sent(at)
    frame = admin.get(f"/mail/{the_letter().ref}/html/")
    policy = frame.headers["Content-Security-Policy"]
    assert "sandbox;" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "Hello Ebba," in frame.text
    page = admin.get(the_letter().get_absolute_url())
    assert "sandbox" in page.text
    assert "style-src 'self'" in page.headers["Content-Security-Policy"]


def test_a_recipients_link_is_no_way_in_for_others(at, admin, monkeypatch):
    a_kind(monkeypatch, context=lambda letter: {"link": "http://nordvik.localhost/l/abc-DEF_1/", "days": 1})
    a_letter(a_person(), at)
    post_is_sent(at)
    assert "/l/abc-DEF_1/" in mail.outbox[0].body
    for address in (the_letter().get_absolute_url(), f"/mail/{the_letter().ref}/html/"):
        assert "abc-DEF_1" not in admin.get(address).text


def test_one_that_waits_is_shown_as_it_would_read(at, admin):
    a_letter(a_person("Ebba", language="en"), at)
    assert "Hello Ebba," in admin.get(f"/mail/{the_letter().ref}/html/").text


def test_one_about_something_that_is_gone_says_so(at, admin, monkeypatch):
    def gone(letter):
        raise ZeroDivisionError

    a_kind(monkeypatch, context=gone)
    a_letter(a_person(), at)
    page = admin.get(the_letter().get_absolute_url())
    assert page.status_code == 200
    assert "What the letter was about is gone" in page.text
    assert admin.get(f"/mail/{the_letter().ref}/html/").status_code == 404


def test_it_says_why_a_letter_did_not_go(at, admin, monkeypatch):
    import smtplib

    RefusingServer(monkeypatch, smtplib.SMTPRecipientsRefused({"x": (550, b"no such user")}))
    letter = a_letter(a_person(), at)
    post_is_sent(at)
    page = admin.get(the_letter().get_absolute_url()).text
    assert "The address does not exist or takes no mail." in page
    assert "550 no such user" in page
    assert f"{letter.to} has refused mail." in page
    assert letter.to in admin.get("/mail/refused/").text


def test_it_is_sent_again_as_a_letter_of_its_own(at, admin):
    a_letter(a_person("Ebba"), at)
    post_is_sent(at)
    page = admin.post(f"/mail/{the_letter().ref}/again/", follow=True)
    assert "The letter to Ebba Jensen is on its way again." in page.text
    post_is_sent(at)
    assert len(mail.outbox) == 2
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 2


def test_one_that_waits_or_held_a_secret_is_not(at, admin, monkeypatch):
    a_letter(a_person(), at)
    admin.post(f"/mail/{the_letter().ref}/again/")
    a_kind(monkeypatch, secret=("link",))
    post_is_sent(at)
    page = admin.post(f"/mail/{the_letter().ref}/again/", follow=True)
    assert "This letter can&#x27;t be sent again." in page.text
    assert Letter.objects.count() == 1


# Planned


@pytest.fixture
def three_plans(at, monkeypatch):
    monkeypatch.setattr(planned, "_sources", {})
    ebba = a_person("Ebba", "Nyström", language="sv")

    def to_come(ref):
        return draft(TEMPLATE, key="planned", person=ebba, at=at.moment) if ref == "1" else None

    @plans("tests", letter=to_come)
    def some(until, words):
        return [
            Planned(
                at=at.moment + timedelta(days=n), name=f"Ebba {n}", address=ebba.email, what="Something", ref=str(n)
            )
            for n in (1, 3, 40)
            if words in f"Ebba {n}"
        ]

    return some


def test_what_is_planned_stands_in_the_order_of_its_days(admin, three_plans):
    page = admin.get("/mail/planned/").text
    assert page.index("Ebba 1") < page.index("Ebba 3") < page.index("Ebba 40")
    assert "3 letters" in page
    assert "Ebba 40" not in admin.get("/mail/planned/?q=Ebba 3").text


def test_those_of_two_planners_stand_together(at, admin, three_plans):
    @plans("others", letter=lambda ref: None)
    def one(until, words):
        return [Planned(at=at.moment + timedelta(days=2), name="Örjan", address="", what="Something else")]

    page = admin.get("/mail/planned/").text
    assert page.index("Ebba 1") < page.index("Örjan") < page.index("Ebba 3")


def test_a_week_and_what_is_about_devices_are_shown_alone_and_counted(at, admin, monkeypatch):
    monkeypatch.setattr(planned, "_sources", {})

    def to_come(name, days):
        return lambda until, words: [
            Planned(at=moment, name=f"{name} {n}", address="", what="Something")
            for n in days
            if clock.local_date(moment := at.moment + timedelta(days=n)) <= until
        ]

    plans("tests", letter=lambda ref: None, on_devices=True)(to_come("Device", (1, 6, 29)))
    plans("others", letter=lambda ref: None)(to_come("Other", (2, 40)))
    assert "5 letters" in admin.get("/mail/planned/").text
    assert "5 letters" in admin.get("/mail/planned/?days=1000").text
    week = admin.get("/mail/planned/?days=7").text
    assert "3 letters" in week
    assert "Device 29" not in week
    assert '<option value="7" selected>' in week
    assert "4 letters" in admin.get("/mail/planned/?days=30").text
    assert "3 letters" in admin.get("/mail/planned/?about=devices").text
    assert "1 letter<" in admin.get("/mail/planned/?about=others&days=30").text
    assert "5 letters" in admin.get("/mail/planned/?about=others&about=devices").text


def test_a_preview_speaks_the_recipients_language_and_writes_nothing(admin, three_plans):
    page = admin.get("/mail/planned/tests/1/")
    assert page.status_code == 200
    assert '<html lang="sv"' in admin.get("/mail/planned/tests/1/html/").text
    assert not Letter.objects.exists()
    assert admin.get("/mail/planned/tests/2/").status_code == 404
    assert admin.get("/mail/planned/nobody/1/").status_code == 404


# How the company writes


def test_the_settings_are_kept(admin):
    page = admin.post("/mail/settings/", {"digest_weekday": "3", "digest_hour": "17"}, follow=True)
    assert "The mail settings are saved." in page.text
    settings = MailSettings.here()
    assert (settings.mail_to_employees, settings.weekly_digest) == (False, False)
    assert (settings.digest_weekday, settings.digest_hour) == (3, 17)


def test_so_is_whom_an_answer_reaches(admin):
    page = admin.post("/mail/identity/", {"reply_to": " IT@nordvik.example "}, follow=True)
    assert "Name and logo are saved." in page.text
    assert MailSettings.here().reply_to == "it@nordvik.example"


def test_a_wrong_address_is_answered_at_its_field(admin):
    page = admin.post("/mail/identity/", {"reply_to": "no address"})
    assert page.status_code == 422
    assert not MailSettings.objects.exists()


def test_looking_changes_nothing(admin):
    for place in PLACES:
        admin.get(place)
    assert not MailSettings.objects.exists()


def test_an_address_can_be_given_another_chance(at, admin):
    RefusedAddress.objects.create(address="ebba.nystrom@nordvik.example", kind="bounced", since=at.moment)
    assert admin.post("/mail/refused/accept/", {"address": "ebba\0"}).status_code == 302
    assert RefusedAddress.objects.exists()
    admin.post("/mail/refused/accept/", {"address": "ebba.nystrom@nordvik.example"})
    assert not RefusedAddress.objects.exists()
