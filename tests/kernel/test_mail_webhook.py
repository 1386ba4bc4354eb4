"""What the mail provider says is kept once each; a letter's state follows from all of it, in whatever order it came."""

import base64
import itertools
import json
from datetime import timedelta

import pytest

from tests.conftest import Browser
from tests.kernel.posting import a_kind, a_letter, post_is_sent, the_letter
from tests.making import a_person
from velory.post import sending
from velory.post.models import Letter, MailEvent, RefusedAddress
from velory.tenancy.context import inside

NEW, OLD = "velory:new", "velory:old"


@pytest.fixture(autouse=True)
def kind(monkeypatch, settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": [NEW, OLD]}
    return a_kind(monkeypatch)


@pytest.fixture
def letter(at):
    a_letter(a_person(email="ebba.lind@nordvik.example"), at)
    post_is_sent(at)
    return the_letter()


def told(events, secret=NEW, provider="sendgrid", host="localhost"):
    headers = {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()} if secret else {}
    body = events if isinstance(events, bytes) else json.dumps(events).encode()
    browser = Browser(HTTP_HOST=host)
    return browser.post(
        f"/anymail/{provider}/tracking/", body, content_type="application/json", headers=headers
    ).status_code


def event(letter, kind, at, *, minutes=1, company=None, **facts):
    from velory.tenancy.context import current_company

    return {
        "event": {"bounced": "bounce", "complained": "spamreport"}.get(kind, kind),
        "type": "bounce",
        "email": letter.to,
        "timestamp": int((at.moment + timedelta(minutes=minutes)).timestamp()),
        "sg_event_id": f"{kind}-{minutes}",
        "company": str((company or current_company()).uuid),
        "letter": letter.ref,
        "response": "250 OK",
    } | facts


def test_what_is_said_is_kept_and_followed(at, letter):
    assert told([event(letter, "delivered", at)]) == 200
    assert the_letter().state == "delivered"
    said = MailEvent.objects.get()
    assert (said.kind, said.letter, said.description) == ("delivered", letter, "250 OK")
    assert said.at == at.moment + timedelta(minutes=1)


def test_the_same_report_is_kept_once(at, letter):
    for _ in range(46):
        assert told([event(letter, "delivered", at)]) == 200
    assert MailEvent.objects.count() == 1


def test_a_report_without_an_id_is_known_by_what_it_says(at, letter):
    for _ in range(3):
        told([event(letter, "delivered", at, sg_event_id=None)])
    told([event(letter, "delivered", at, minutes=2, sg_event_id=None)])
    assert MailEvent.objects.count() == 2


@pytest.mark.parametrize("secret", [None, "velory:wrong", "velory:", ":", "new"])
def test_a_stranger_is_refused(at, letter, secret):
    assert told([event(letter, "bounced", at)], secret) == 400
    assert not MailEvent.objects.exists()
    assert the_letter().state == "sent"


def test_both_secrets_hold_while_they_change(at, letter):
    assert told([event(letter, "delivered", at)], NEW) == 200
    assert told([event(letter, "bounced", at, minutes=2)], OLD) == 200
    assert MailEvent.objects.count() == 2


def test_without_a_secret_nothing_is_served(at, letter, settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": None}
    assert told([event(letter, "bounced", at)]) == 404


def test_it_is_served_on_the_platforms_host_alone(at, letter):
    assert told([event(letter, "bounced", at)], host="nordvik.localhost") in {302, 404}
    assert not MailEvent.objects.exists()


def test_one_that_cannot_be_read_does_not_cost_the_others(at, letter):
    batch = [event(letter, "deferred", at, minutes=n) for n in range(300)]
    batch[7] = {"event": "bounce", "timestamp": "soon", "email": {"no": 1}}
    batch[8] = ["what"]
    assert told(batch) == 200
    assert MailEvent.objects.count() == 298


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff\xfe", b"7", b"null", b'{"event": 1}'])
def test_what_is_no_report_is_refused_without_a_fault(body):
    assert told(body) in {200, 400}
    assert not MailEvent.objects.exists()


def test_a_letter_of_nobody_is_passed_over(at, letter, saimaa):
    assert told([event(letter, "bounced", at) | {"letter": "0" * 20}]) == 200
    assert told([event(letter, "bounced", at, company=saimaa)]) == 200
    assert told([event(letter, "bounced", at) | {"company": "no uuid"}]) == 200
    assert told([event(letter, "bounced", at) | {"company": "8" * 32}]) == 200
    assert not MailEvent.objects.exists()
    with inside(saimaa):
        assert not MailEvent.objects.exists()


def test_our_own_message_id_will_do(at, letter):
    plain = event(letter, "delivered", at) | {"smtp-id": letter.message_id}
    del plain["company"], plain["letter"]
    assert told([plain]) == 200
    assert the_letter().state == "delivered"


WORDS = ["delivered", "bounced", "complained", "dropped"]
ENDS = {"delivered": "delivered", "bounced": "bounced", "complained": "complained", "dropped": "bounced"}


@pytest.mark.parametrize(("first", "then"), list(itertools.product(WORDS, WORDS)))
def test_the_later_word_holds_and_a_complaint_is_the_last(at, letter, first, then):
    story = [event(letter, first, at, minutes=1), event(letter, then, at, minutes=2)]
    end = "complained" if "complained" in {first, then} else ENDS[then]
    told(story)
    forwards = the_letter().state
    MailEvent.objects.all().delete()
    Letter.objects.update(state="sent")
    told(reversed_story := story[::-1])
    assert (forwards, the_letter().state) == (end, end)
    assert len(reversed_story) == 2


def test_any_order_and_any_repeats_end_the_same(at, letter):
    story = [
        event(letter, kind, at, minutes=n) for n, kind in enumerate(["processed", "deferred", "bounced", "delivered"])
    ]
    for order in itertools.permutations(story):
        told([*order, order[0]])
        assert the_letter().state == "delivered"
        assert not RefusedAddress.objects.exists()
        MailEvent.objects.all().delete()
        Letter.objects.update(state="sent")


def test_a_moment_that_cannot_be_is_read_as_now(at, letter):
    for stamp in (0, 4102444800):  # 1970, 2100
        told([event(letter, "bounced", at, timestamp=stamp, sg_event_id=str(stamp))])
    assert set(MailEvent.objects.values_list("at", flat=True)) == {at.moment}


def test_a_bounce_marks_the_address_and_a_delivery_clears_it(at, letter):
    told([event(letter, "bounced", at)])
    assert RefusedAddress.objects.get().kind == "bounced"
    told([event(letter, "delivered", at, minutes=2)])
    assert not RefusedAddress.objects.exists()


def test_a_complaint_marks_it_for_good(at, letter):
    told([event(letter, "complained", at), event(letter, "delivered", at, minutes=2)])
    refused = RefusedAddress.objects.get()
    assert (refused.address, refused.kind) == ("ebba.lind@nordvik.example", "complained")


def test_news_of_a_letter_in_doubt_settles_it(at):
    """A worker was ended after the provider took the letter (FI-13): the provider's word makes a repeat needless."""
    letter = a_letter(a_person(), at)
    sending.claim(letter.pk, at.moment)
    told([event(letter, "delivered", at)])
    assert (the_letter().state, the_letter().sent_at) == ("delivered", at.moment + timedelta(minutes=1))
    sending.send(str(letter.pk), at.moment)
    assert (the_letter().tries, the_letter().repeat) == (1, False)


def test_news_that_overtakes_the_note_is_kept(at):
    letter = a_letter(a_person(), at)
    claimed = sending.claim(letter.pk, at.moment)
    told([event(letter, "bounced", at)])
    from velory.post.wording import render

    sending.keep(claimed, render(claimed), "", at.moment)
    assert the_letter().state == "bounced"
    assert the_letter().subject
