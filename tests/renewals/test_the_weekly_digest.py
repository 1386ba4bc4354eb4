"""On Monday at 08:00 each admin reads what waits and what the coming month brings; nothing to say, nothing sent."""

from datetime import date

import pytest
from django.utils.translation import override

from assets.models import Device
from renewals.digest.weekly import DIGEST, next_digest_at, put_next_digest, still_to_be_told
from tests.making import a_device, a_person, an_admin, an_external_device
from velory import clock
from velory.agenda import book
from velory.agenda.models import Due
from velory.journal.models import Entry
from velory.people.models import Role
from velory.post.models import Letter, MailSettings
from velory.post.wording import render

MONDAY = "2026-11-23T08:00"


@pytest.fixture
def nils():
    return an_admin()


@pytest.fixture(autouse=True)
def nothing_else_is_due(at_nordvik):
    Due.objects.all().delete()


def run(at, moment):
    """The agenda at a moment, and the digests that it wrote."""
    book.dispatch(at=at(moment))
    return list(Letter.objects.of_template("renewals/weekly_digest").order_by("pk"))


def local(moment):
    return f"{moment.astimezone(clock.zone()):%Y-%m-%d %H:%M}"


# When


@pytest.mark.parametrize(
    ("moment", "then"),
    [
        ("2026-11-22T07:00", "2026-11-23 08:00"),
        ("2026-11-23T07:59", "2026-11-23 08:00"),
        ("2026-11-23T08:00", "2026-11-30 08:00"),
        ("2026-10-24T12:00", "2026-10-26 08:00"),  # the clocks go back in between
        ("2027-03-27T12:00", "2027-03-29 08:00"),  # and forward
        ("2026-12-31T23:59", "2027-01-04 08:00"),
    ],
)
def test_it_is_monday_at_eight_on_the_company_s_walls(at, moment, then):
    assert local(next_digest_at(at(moment))) == then


def test_each_week_brings_one_and_puts_down_the_next(at, nils):
    an_external_device(a_person(), by=nils, renewal_on=date(2026, 12, 14))
    put_next_digest(clock.now())
    assert run(at, "2026-11-23T07:59") == []
    [digest] = run(at, MONDAY)
    assert (digest.person, digest.key) == (nils, f"renewals/weekly_digest/2026-11-23/{nils.ref}")
    [sent] = run(at, "2026-11-23T08:01")
    assert (sent.pk, sent.state) == (digest.pk, Letter.State.SENT)
    assert local(Due.objects.get(kind=DIGEST).due_at) == "2026-11-30 08:00"
    assert len(run(at, "2026-11-30T08:00")) == 2


def test_weeks_that_were_slept_through_are_one_letter_by_day(at, nils):
    an_external_device(a_person(), by=nils, renewal_on=date(2027, 1, 14))
    put_next_digest(clock.now())
    [digest] = run(at, "2026-12-16T03:00")
    assert digest.key.startswith("renewals/weekly_digest/2026-12-14/")
    assert local(Due.objects.get(kind="post.send", ref=str(digest.pk)).due_at) == "2026-12-16 08:00"
    assert local(Due.objects.get(kind=DIGEST).due_at) == "2026-12-21 08:00"


def test_a_digest_that_still_waits_stays_where_it_is(at, nils):
    put_next_digest(clock.now())
    put_next_digest(at("2026-11-25T03:00"))
    assert local(Due.objects.get(kind=DIGEST).due_at) == "2026-11-23 08:00"


# To whom


def test_every_admin_who_works_here_gets_their_own(at, nils):
    second, gone = an_admin(), an_admin(last_day_on=date(2026, 11, 20))
    an_admin(email=None)
    a_person()
    a_device(None, by=nils, renewal_on=date(2026, 12, 14))
    put_next_digest(clock.now())
    assert [digest.person for digest in run(at, MONDAY)] == [nils, second]
    assert gone.role == Role.ADMIN


def test_nothing_to_say_nothing_sent(at, nils):
    a_device(a_person(), by=nils, renewal_on=date(2028, 1, 31))
    put_next_digest(clock.now())
    assert run(at, MONDAY) == []
    assert local(Due.objects.get(kind=DIGEST).due_at) == "2026-11-30 08:00"


def test_switched_off_nothing_is_sent(at, nils):
    a_device(None, by=nils, renewal_on=date(2026, 12, 14))
    MailSettings.objects.create(pk=1, weekly_digest=False)
    put_next_digest(clock.now())
    assert run(at, MONDAY) == []


def test_it_is_asked_once_more_before_it_goes(at, nils):
    device = a_device(a_person(), by=nils, renewal_on=date(2026, 12, 14))
    second = an_admin()
    put_next_digest(clock.now())
    first, other = run(at, MONDAY)
    assert still_to_be_told(first, clock.now()) is None
    second.change(by=nils, at=clock.now(), role=Role.EMPLOYEE)
    other = Letter.objects.select_related("person").get(pk=other.pk)
    assert still_to_be_told(other, clock.now()).code == "gone"
    device.edit(by=nils, facts={"renewal_on": date(2028, 1, 31)}, contract={})
    assert still_to_be_told(first, clock.now()).code == "nothing_left"


# What it says


def words(letter):
    return render(letter)


def test_it_counts_what_waits_and_names_what_comes(at, nils):
    ebba = a_person("Ebba", "Bäckman")
    device = a_device(ebba, by=nils, renewal_on=date(2026, 12, 14))
    a_device(None, by=nils, renewal_on=date(2027, 6, 1))
    put_next_digest(clock.now())
    [digest] = run(at, MONDAY)
    read = words(digest)
    assert read.subject == "Nordvik Energi AB: 1 thing waits for the admins"
    assert "Unassigned: 1" in read.text
    assert "http://nordvik.localhost/hardware/?view=unassigned" in read.text
    assert "1 device is up for renewal until 23 December 2026." in " ".join(read.text.split())
    assert "14 December 2026: Apple iPhone 15 128 GB, Ebba Bäckman" in read.text
    assert f"http://nordvik.localhost/devices/{device.ref}/?tab=lifecycle" in read.text
    assert "http://nordvik.localhost/renewals/forecast/" in read.html


def test_only_the_nearest_stand_there_by_name(at, nils):
    for day in range(1, 16):
        a_device(a_person(), by=nils, renewal_on=date(2026, 12, day), name=f"Dell {day}")
    put_next_digest(clock.now())
    [digest] = run(at, MONDAY)
    read = words(digest)
    assert read.subject == "Nordvik Energi AB: 15 renewals in the coming month"
    assert ("Dell 12," in read.text, "Dell 13," in read.text, "and 3 more" in read.text) == (True, False, True)
    assert "Nothing waits for the admins." in read.text


def test_it_reads_well_in_swedish(at):
    karin = an_admin(language="sv")
    a_device(a_person(), by=karin, renewal_on=date(2026, 12, 14))
    put_next_digest(clock.now())
    [digest] = run(at, MONDAY)
    assert digest.language == "sv"
    assert "14 december 2026" in words(digest).text


# The setting and the preview


def test_the_setting_is_changed_on_the_mail_page_and_journalled(at_their_desk, nils):
    desk = at_their_desk(nils)
    answer = desk.post("/mail/settings/", {"mail_to_employees": "on", "reply_to": ""})
    assert answer.status_code == 302
    assert not MailSettings.here().weekly_digest
    entry = Entry.objects.get(about_type="post.mailsettings")
    with override("en"):
        assert entry.sentence == "Nils Wikström changed the mail settings: weekly digest to the admins: yes → no."


def test_next_monday_s_stands_in_planned_mail_with_a_preview(at_their_desk, nils):
    a_device(None, by=nils, renewal_on=date(2026, 12, 14))
    desk = at_their_desk(nils)
    assert "Weekly digest to the admins" in desk.get("/mail/planned/").content.decode()
    page = desk.get(f"/mail/planned/digest/{nils.ref}/").content.decode()
    assert "1 thing waits for the admins" in page
    assert desk.get("/mail/planned/digest/P-NONE/").status_code == 404
    MailSettings.objects.create(pk=1, weekly_digest=False)
    assert "What waits, and the renewals of the coming month" not in desk.get("/mail/planned/").content.decode()
    assert Device.objects.count() == 1
