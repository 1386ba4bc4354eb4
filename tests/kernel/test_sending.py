"""A letter that was written is sent once, wherever a process is ended; one that cannot be sent delays nobody."""

import os
import smtplib
import subprocess
import sys
from datetime import timedelta

import pytest
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.core import mail
from django.db import OperationalError, connection

from tests.kernel.posting import RefusingServer, a_kind, a_letter, post_is_sent, the_letter
from tests.making import a_person, an_admin
from velory import clock
from velory.agenda.models import Due
from velory.journal.reason import Reason
from velory.people.models import Role
from velory.post import reasons, sending
from velory.post.identity import sender_name
from velory.post.models import Letter, MailEvent, MailSettings, RefusedAddress
from velory.tenancy.context import inside


@pytest.fixture(autouse=True)
def kind(monkeypatch):
    return a_kind(monkeypatch)


def next_try():
    return Due.objects.filter(kind="post.send").values_list("due_at", flat=True).first()


def refused(code, said=b"5.1.1 no such user"):
    return smtplib.SMTPRecipientsRefused({"x@y.example": (code, said)})


def test_it_goes_once(at):
    letter = a_letter(a_person(), at)
    sending.send(str(letter.pk), at.moment)
    sending.send(str(letter.pk), at.moment)
    assert len(mail.outbox) == 1
    assert (the_letter().state, the_letter().sent_at, the_letter().tries) == ("sent", at.moment, 1)


def test_it_is_kept_as_it_went(at):
    a_letter(a_person("Ebba"), at)
    post_is_sent(at)
    [message], letter = mail.outbox, the_letter()
    assert (letter.subject, letter.text) == (message.subject, message.body)
    assert letter.html == message.alternatives[0].content


def test_its_secret_is_forgotten_once_it_has_gone(at, monkeypatch):
    a_kind(monkeypatch, secret=("link",))
    a_letter(a_person(), at, context={"link": "https://example.test/abc123/", "days": 3})
    post_is_sent(at)
    assert "https://example.test/abc123/" in mail.outbox[0].body
    letter = the_letter()
    assert "abc123" not in letter.text + letter.html + str(letter.context)
    assert letter.context == {"days": 3}


def test_operators_who_are_called_as_the_product_are_not_named_twice(at, settings):
    own = MailSettings(shown_name="Velory")
    assert sender_name(own, "Velory") == "Velory"
    assert sender_name(own, "Kalusto") == "Velory via Kalusto"


def test_what_it_carries_on_the_wire(at, nordvik, settings):
    settings.DEFAULT_FROM_EMAIL = "Velory <post@mail.velory.example>"
    nils = an_admin(email="nils.wikstrom@nordvik.example")
    a_letter(a_person("Örjan", "Jensen", email="orjan.jensen@nordvik.example"), at)
    post_is_sent(at)
    wire = mail.outbox[0].message()
    assert str(wire["From"]) == "Nordvik Energi AB via Velory <post@mail.velory.example>"
    assert str(wire["To"]) == "Örjan Jensen <orjan.jensen@nordvik.example>"
    assert str(wire["Reply-To"]) == f"Nils Wikström <{nils.email}>"
    assert wire["Auto-Submitted"] == "auto-generated"
    assert wire["X-Auto-Response-Suppress"] == "All"
    assert wire["Message-ID"].strip().endswith(f".{nordvik.uuid.hex}@mail.velory.example>")
    assert wire["List-Unsubscribe"] is None
    assert wire["Date"] == "Sun, 22 Nov 2026 06:00:00 +0000"
    assert [part.get_content_type() for part in wire.iter_parts()] == ["text/plain", "text/html"]
    assert mail.outbox[0].metadata == {"company": str(nordvik.uuid), "letter": the_letter().ref}
    assert mail.outbox[0].tags == ["people/invitation"]


def test_nothing_that_was_typed_adds_a_header(at, nordvik):
    nordvik.name = 'Nordvik"\r\nBcc: all@nordvik.example'
    a_letter(a_person("Ebba\r\nBcc: x@y.example", "\u202eLind, <evil@y.example>"), at)
    try:
        post_is_sent(at)
    finally:
        nordvik.name = "Nordvik Energi AB"
    wire = mail.outbox[0].message()
    assert wire["Bcc"] is None
    assert [address.addr_spec for address in wire["To"].addresses] == [the_letter().to]


def test_no_network_is_reached_inside_a_transaction(at, monkeypatch):
    own = []
    monkeypatch.setattr(sending, "hand_over", lambda message: own.append(len(connection.savepoint_ids)) or "")
    before = len(connection.savepoint_ids)
    a_letter(a_person(), at)
    post_is_sent(at)
    assert own == [before]


def test_a_provider_is_told_which_letter_it_is(at, nordvik, settings):
    settings.MAILERS = {"default": {"BACKEND": "anymail.backends.test.EmailBackend"}}
    a_letter(a_person(), at)
    post_is_sent(at)
    sent = mail.outbox[0].anymail_test_params
    assert sent["metadata"] == {"company": str(nordvik.uuid), "letter": the_letter().ref}
    assert (sent["tags"], sent["track_clicks"], sent["track_opens"]) == (["people/invitation"], False, False)
    assert the_letter().state == "sent"
    assert the_letter().provider_id


def test_an_address_that_the_provider_refuses_is_final(at, settings, monkeypatch):
    settings.MAILERS = {"default": {"BACKEND": "anymail.backends.test.EmailBackend"}}
    refusing = AnymailRecipientsRefused("refused")
    RefusingServer(monkeypatch, refusing)
    a_letter(a_person(), at)
    post_is_sent(at)
    assert (the_letter().state, the_letter().reason) == ("failed", reasons.ADDRESS_REFUSED)


# Looked at once more, just before it goes


def test_nothing_is_sent_that_no_longer_holds_good(at, monkeypatch):
    a_kind(monkeypatch, check=lambda letter, at: Reason("gone", "The device is gone."))
    a_letter(a_person(), at)
    post_is_sent(at)
    assert mail.outbox == []
    assert (the_letter().state, the_letter().reason) == ("voided", "The device is gone.")


@pytest.mark.parametrize(("facts", "reason"), [
    ({"is_active": False}, reasons.HAS_LEFT), ({"last_day_on": "2026-11-21"}, reasons.HAS_LEFT),
    ({"last_day_on": "2026-11-22"}, ""), ({"email": None}, reasons.NO_ADDRESS), ({}, ""),
])  # fmt: skip
def test_somebody_who_has_left_gets_nothing(at, facts, reason):
    ebba = a_person()
    a_letter(ebba, at)
    for name, value in facts.items():
        setattr(ebba, name, value)
    ebba.save()
    post_is_sent(at)
    assert the_letter().reason == reason
    assert len(mail.outbox) == (0 if reason else 1)


def test_it_follows_a_changed_address_unless_it_signs_somebody_in(at, monkeypatch):
    ebba = a_person()
    a_letter(ebba, at, key="1")
    ebba.email = "ebba.new@nordvik.example"
    ebba.save()
    post_is_sent(at)
    assert mail.outbox[0].to == ["Örjan Jensen <ebba.new@nordvik.example>"]
    assert the_letter().to == "ebba.new@nordvik.example"
    a_kind(monkeypatch, security=True)
    a_letter(ebba, at, key="2")
    ebba.email = "ebba.newer@nordvik.example"
    ebba.save()
    post_is_sent(at)
    assert Letter.objects.get(key="2").reason == reasons.OTHER_ADDRESS


@pytest.mark.parametrize(("facts", "security", "goes"), [
    ({}, False, False), ({"role": Role.PURCHASE_MANAGER}, False, False), ({"role": Role.ADMIN}, False, True),
    ({}, True, True),
])  # fmt: skip
def test_mail_to_employees_can_be_turned_off(at, monkeypatch, facts, security, goes):
    a_kind(monkeypatch, security=security)
    a_letter(a_person(**facts), at)
    MailSettings(pk=1, mail_to_employees=False).save()
    post_is_sent(at)
    assert len(mail.outbox) == goes
    assert the_letter().reason == ("" if goes else reasons.MAIL_OFF)


def test_turning_mail_on_again_releases_nothing_old(at):
    a_letter(a_person(), at)
    MailSettings(pk=1, mail_to_employees=False).save()
    post_is_sent(at)
    MailSettings(pk=1, mail_to_employees=True).save()
    at("2026-11-30T08:00")
    post_is_sent(at)
    assert mail.outbox == []


@pytest.mark.parametrize(("required", "goes"), [(True, True), (False, False)])
def test_an_address_that_refuses_mail_gets_what_is_required_alone(at, monkeypatch, required, goes):
    a_kind(monkeypatch, required=required)
    ebba = a_person()
    RefusedAddress.objects.create(address=ebba.email, kind="bounced", since=at.moment)
    a_letter(ebba, at)
    post_is_sent(at)
    assert len(mail.outbox) == goes


# What cannot be sent


def test_a_refused_recipient_is_final_and_said_in_words(at, monkeypatch):
    RefusingServer(monkeypatch, refused(550))
    a_letter(a_person(), at)
    post_is_sent(at)
    letter = the_letter()
    assert (letter.state, letter.reason) == ("failed", reasons.ADDRESS_REFUSED)
    assert next_try() is None
    assert MailEvent.objects.get().description == "550 5.1.1 no such user"
    assert RefusedAddress.objects.get().address == letter.to


@pytest.mark.parametrize("fault", [
    refused(451, b"4.7.1 greylisted"), smtplib.SMTPDataError(452, b"no space"), ConnectionRefusedError(),
    smtplib.SMTPAuthenticationError(535, b"no"), smtplib.SMTPConnectError(421, b"busy"), OSError("no route"),
    AnymailAPIError("down"),
])  # fmt: skip
def test_what_is_refused_for_now_is_tried_again_later(at, monkeypatch, fault):
    RefusingServer(monkeypatch, fault)
    a_letter(a_person(), at)
    post_is_sent(at)
    assert (the_letter().state, the_letter().reason) == ("queued", reasons.SERVER_AWAY)
    assert next_try() == at.moment + timedelta(minutes=1)
    assert not RefusedAddress.objects.exists()
    at(at.moment + timedelta(minutes=1))
    post_is_sent(at)
    assert (the_letter().state, the_letter().reason, the_letter().tries) == ("sent", "", 2)


def test_five_tries_are_enough(at, monkeypatch):
    server = RefusingServer(monkeypatch, *[ConnectionRefusedError()] * 9)
    a_letter(a_person(), at)
    for _ in range(9):
        post_is_sent(at)
        at(at.moment + timedelta(days=1))
    assert len(server.asked) == 5
    assert (the_letter().state, the_letter().reason) == ("failed", reasons.SERVER_STAYED_AWAY)


def test_one_that_cannot_be_put_into_words_delays_nobody(at, monkeypatch):
    def poisoned(letter):
        if letter.context.get("poison"):
            raise ZeroDivisionError
        return {"link": "https://example.test/", "days": 1, "inviter": ""}

    a_kind(monkeypatch, context=poisoned)
    for number in range(100):
        a_letter(a_person(), at, key=f"{number}", context={"poison": number == 7})
    post_is_sent(at)
    assert len(mail.outbox) == 99
    assert Letter.objects.get(key="7").reason == reasons.NOT_WORDED
    for _ in range(5):
        at(at.moment + timedelta(days=1))
        post_is_sent(at)
    assert Letter.objects.get(key="7").state == "failed"
    assert next_try() is None


def test_an_address_that_is_none_is_final(at):
    ebba = a_person()
    type(ebba).objects.filter(pk=ebba.pk).update(email="not an address")
    ebba.email = "not an address"
    a_letter(ebba, at)
    post_is_sent(at)
    assert (the_letter().state, the_letter().reason) == ("failed", reasons.ADDRESS_REFUSED)


# A process that is ended while it sends


def left_in_sending(letter, at, *, seconds_ago=0):
    """As a process leaves a letter that is ended between the claim and the note."""
    sending.claim(letter.pk, at.moment)
    Letter.objects.filter(pk=letter.pk).update(lease_until=clock.wall() - timedelta(seconds=seconds_ago))


def test_while_it_may_still_be_going_nobody_else_sends_it(at):
    letter = a_letter(a_person(), at)
    sending.claim(letter.pk, at.moment)
    sending.send(str(letter.pk), at.moment)
    assert mail.outbox == []
    assert the_letter().tries == 1
    assert timedelta(0) < next_try() - at.moment <= sending.LEASE + timedelta(seconds=2)


def test_once_its_lease_has_ended_it_goes_once_more_and_says_so(at):
    letter = a_letter(a_person(), at)
    left_in_sending(letter, at)
    before = the_letter().message_id
    sending.send(str(letter.pk), at.moment)
    assert len(mail.outbox) == 1
    assert (the_letter().state, the_letter().repeat, the_letter().message_id) == ("sent", True, before)


def test_an_optional_one_does_not_go_twice(at, monkeypatch):
    a_kind(monkeypatch, required=False)
    letter = a_letter(a_person(), at)
    left_in_sending(letter, at)
    sending.send(str(letter.pk), at.moment)
    assert mail.outbox == []
    assert (the_letter().state, the_letter().reason) == ("failed", reasons.NOT_KNOWN)


def test_a_connection_cut_before_the_answer_counts_as_perhaps_sent(at, monkeypatch):
    server = RefusingServer(monkeypatch, smtplib.SMTPServerDisconnected("cut"))
    a_letter(a_person(), at)
    post_is_sent(at)
    assert (the_letter().state, the_letter().repeat) == ("queued", True)
    at(at.moment + timedelta(minutes=1))
    post_is_sent(at)
    first, second = server.asked
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]


def test_a_letter_that_ends_every_worker_is_given_up(at):
    letter = a_letter(a_person(), at)
    for _ in range(5):
        left_in_sending(letter, at)
    sending.send(str(letter.pk), at.moment)
    assert mail.outbox == []
    assert (the_letter().state, the_letter().reason) == ("failed", reasons.INTERRUPTED)


SENDS = """
import sys, django
django.setup()
from django.conf import settings
from django.db import OperationalError, connection
connection.settings_dict["NAME"] = sys.argv[1]
from velory.tenancy.models import Company
from velory.tenancy.context import inside
from velory import clock
from velory.post import sending
with inside(Company.objects.get(slug="race")):
    sending.send(sys.argv[2], clock.now())
"""


@pytest.mark.races
@pytest.mark.parametrize(("place", "state", "went"), [
    ("MAIL.after_claim", "sending", 0), ("MAIL.after_call", "sending", 1), ("MAIL.after_mark", "sent", 1),
])  # fmt: skip
def test_killed_anywhere_it_arrives_once_under_its_name(at, race_company, tmp_path, place, state, went):
    letter = a_letter(a_person(), at, context={"link": "https://example.test/", "days": 3, "inviter": ""})

    def a_worker(**environment):
        return subprocess.run(
            [sys.executable, "-c", SENDS, connection.settings_dict["NAME"], str(letter.pk)],
            env=os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "velory.settings",
                "VELORY_MAIL_BACKEND": "tests.kernel.mail_folder.Folder",
                "MAIL_FOLDER": str(tmp_path),
            }
            | environment,
            capture_output=True,
            check=False,
        )

    assert a_worker(CRASH_AT=place).returncode == 137
    assert (the_letter().state, len(list(tmp_path.iterdir()))) == (state, went)
    Letter.objects.update(lease_until=clock.wall())
    assert a_worker().stderr == b""
    assert the_letter().state == "sent"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.races
def test_a_database_that_is_away_for_a_moment_costs_no_second_letter(at, race_company, monkeypatch):
    keep, gone = sending.keep, [OperationalError("away"), OperationalError("away")]

    def kept(*args):
        if gone:
            raise gone.pop()
        return keep(*args)

    monkeypatch.setattr(sending, "keep", kept)
    monkeypatch.setattr(sending.time, "sleep", lambda seconds: None)
    letter = a_letter(a_person(), at)
    sending.send(str(letter.pk), at.moment)
    assert (the_letter().state, the_letter().tries, len(mail.outbox)) == ("sent", 1, 1)


def test_each_company_sends_its_own(at, saimaa):
    a_letter(a_person(), at)
    with inside(saimaa):
        a_letter(a_person(email="aino@saimaa.example"), at)
        sending.send(str(the_letter().pk), at.moment)
    assert [message.to for message in mail.outbox] == [["Örjan Jensen <aino@saimaa.example>"]]
    assert "Saimaa Konepaja Oy" in mail.outbox[0].body
