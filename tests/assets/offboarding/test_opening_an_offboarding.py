"""An offboarding follows the last day: opened, moved, called off; and on the day access ends."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from assets.models import Offboarding
from assets.offboarding.letters import REMINDED, STAYS, TOLD
from assets.offboarding.roster import roster_of
from assets.offboarding.views.leavers import set_day
from tests.assets.offboarding.making import LAST_DAY, a_leaver, the_offboarding_of
from tests.making import a_device, a_person, an_admin
from tests.racing import at_once
from velory import clock
from velory.agenda import book
from velory.agenda.models import Due
from velory.journal.reason import Refused
from velory.people.models import Person
from velory.post.letters import kind_of
from velory.post.models import Letter

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def letters_to(person):
    return list(Letter.objects.to_person(person).order_by("pk").values_list("template", flat=True))


def link_of(letter):
    """Where the button of a letter leads."""
    return "/" + kind_of(letter).context(letter)["url"].split("/", 3)[3]


def at_midnight(minutes, day=LAST_DAY):
    """So many minutes after the midnight that ends a day, or before it."""
    after = datetime(day.year, day.month, day.day, tzinfo=STOCKHOLM) + timedelta(days=1)
    return after + timedelta(minutes=minutes)


def test_a_last_day_opens_an_offboarding_writes_it_down_and_writes_to_the_leaver():
    person = a_leaver()
    row = the_offboarding_of(person)
    assert (row.last_day_on, row.told_at is not None, row.remind_on) == (LAST_DAY, True, date(2026, 11, 26))
    assert letters_to(person) == [TOLD]
    steps = [entry.step for entry in person.journal]
    assert steps == ["changed", "offboarding_opened", "told_of_leaving"]
    assert "leaves on 3 December 2026" in person.journal.get(step="offboarding_opened").sentence


def test_the_letter_can_be_skipped():
    person = a_leaver(quietly=True)
    assert the_offboarding_of(person).told_at is None
    assert letters_to(person) == []


def test_a_moved_day_moves_the_offboarding_and_tells_the_new_day():
    person, admin = a_leaver(), an_admin()
    set_day(person, date(2027, 1, 10), quietly=False, by=admin, at=clock.now())
    row = the_offboarding_of(person)
    assert (row.last_day_on, row.remind_on) == (date(2027, 1, 10), date(2027, 1, 3))
    assert letters_to(person) == [TOLD, TOLD]
    assert "moved from 3 December 2026 to 10 January 2027" in person.journal.get(step="offboarding_moved").sentence
    assert Offboarding.objects.filter(person=person).count() == 1


def test_a_day_that_moves_earlier_past_the_reminder_has_none():
    person = a_leaver()
    set_day(person, date(2026, 11, 25), quietly=True, by=an_admin(), at=clock.now())
    assert the_offboarding_of(person).remind_on is None
    assert not Due.objects.filter(kind="assets.leaver_is_reminded", ref=person.ref).exists()


def test_a_day_taken_away_calls_it_off_and_neither_letter_goes():
    person = a_leaver()
    set_day(person, None, quietly=False, by=an_admin(), at=clock.now())
    assert not Offboarding.objects.under_way().of(person).exists()
    assert Letter.objects.to_person(person).get().state == Letter.State.VOIDED
    assert not Due.objects.filter(ref=person.ref).exists()


def test_whoever_has_read_that_they_leave_is_told_that_they_stay():
    person = a_leaver()
    Letter.objects.to_person(person).update(state=Letter.State.SENT, sent_at=clock.now())
    set_day(person, None, quietly=True, by=an_admin(), at=clock.now())
    assert letters_to(person) == [TOLD, STAYS]


def test_access_ends_at_midnight_by_the_companys_clocks():
    person = a_leaver()
    before, after = at_midnight(-1), at_midnight(1)
    assert person.works_on(clock.local_date(before))
    assert not person.works_on(clock.local_date(after))


@pytest.mark.parametrize(("minutes", "seen"), [(-1, 200), (1, 302)])
def test_a_session_lasts_until_midnight_and_no_longer(minutes, seen, at_their_desk, at):
    browser = at_their_desk(a_leaver())
    at(at_midnight(minutes))
    answer = browser.get("/you/leaving/")
    assert answer.status_code == seen
    assert seen == 200 or answer["Location"].startswith("/account/login/")


@pytest.mark.parametrize(("minutes", "seen"), [(-1, 200), (1, 410)])
def test_a_link_in_the_letter_lasts_until_midnight_and_no_longer(minutes, seen, client, at):
    path = link_of(Letter.objects.to_person(a_leaver()).get())
    at(at_midnight(minutes))
    assert client.get(path).status_code == seen


def test_on_the_day_what_was_not_settled_is_written_down_once():
    person = a_leaver()
    a_device(person)
    after = at_midnight(1)
    for _time in range(2):
        book._kinds["assets.leaver_has_left"].does(person.ref, after)
    assert "Devices not settled: 1." in person.journal.get(step="left").sentence
    assert Letter.objects.to_person(person).get().state == Letter.State.VOIDED
    assert roster_of(the_offboarding_of(person), at=after).open[0].standing.text == "They have left and still have it."


def test_a_day_that_moved_meanwhile_is_looked_at_again():
    person = a_leaver()
    book._kinds["assets.leaver_has_left"].does(person.ref, clock.now())
    assert Due.objects.get(kind="assets.leaver_has_left", ref=person.ref).due_at == at_midnight(0)
    assert not person.journal.filter(step="left").exists()


def test_a_last_day_that_is_past_ends_access_at_once_and_writes_nothing():
    person = a_leaver(date(2026, 11, 1))
    a_device(person)
    assert not Person.objects.working(clock.today()).filter(pk=person.pk).exists()
    assert letters_to(person) == []
    assert Offboarding.objects.to_settle(clock.today()).over(clock.today()).get().person == person


def test_whoever_is_let_in_again_has_no_offboarding_and_leaves_anew_later():
    person, admin = a_leaver(date(2026, 11, 1)), an_admin()
    person.give_access(by=admin, at=clock.now())
    assert not Offboarding.objects.under_way().of(person).exists()
    set_day(person, date(2027, 2, 1), quietly=True, by=admin, at=clock.now())
    assert the_offboarding_of(person).last_day_on == date(2027, 2, 1)
    assert Offboarding.objects.filter(person=person).count() == 2


def test_whoever_loses_access_without_a_last_day_is_listed_too():
    person = a_person()
    a_device(person)
    person.end_access(by=an_admin(), at=clock.now())
    assert the_offboarding_of(person).last_day_on == clock.today()
    assert list(Offboarding.objects.to_settle(clock.today())) == [the_offboarding_of(person)]


def test_the_last_admin_cannot_leave_and_reads_why():
    admin = an_admin()
    with pytest.raises(Refused, match="There would be no admin left after that day"):
        set_day(admin, date(2027, 1, 31), quietly=True, by=admin, at=clock.now())
    assert Person.objects.get(pk=admin.pk).last_day_on is None


def test_of_two_admins_one_may_leave_and_then_the_other_may_not():
    first, second = an_admin(), an_admin()
    set_day(first, date(2027, 1, 31), quietly=True, by=second, at=clock.now())
    with pytest.raises(Refused, match="no admin left after that day"):
        set_day(second, date(2027, 3, 31), quietly=True, by=second, at=clock.now())


def test_a_week_before_whoever_has_something_open_is_reminded_once():
    person = a_leaver()
    a_device(person)
    morning = datetime(2026, 11, 26, 8, 0, tzinfo=STOCKHOLM)
    for _time in range(2):
        book._kinds["assets.leaver_is_reminded"].does(person.ref, morning)
    assert letters_to(person) == [TOLD, REMINDED]


def test_nobody_is_reminded_of_nothing():
    person = a_leaver()
    book._kinds["assets.leaver_is_reminded"].does(person.ref, datetime(2026, 11, 26, 8, 0, tzinfo=STOCKHOLM))
    assert letters_to(person) == [TOLD]


# At once


@pytest.mark.races
def test_two_admins_who_leave_at_once_leave_one_behind(race_company):
    pair = [an_admin(), an_admin()]

    def leave(n):
        person = Person.objects.get(pk=pair[n].pk)
        return set_day(person, date(2027, 1, 31), quietly=True, by=person, at=clock.now())

    said = at_once(race_company, 2, leave)

    assert sorted(type(answer).__name__ for answer in said) == ["NoneType", "Refused"]
    assert Person.objects.admins().who_stay().count() == 1


@pytest.mark.races
def test_two_admins_who_set_a_day_at_once_open_one_offboarding(race_company):
    person, pair = a_person(), [an_admin(), an_admin()]

    def set_it(n):
        day = date(2027, 1, 10 + n)
        return set_day(Person.objects.get(pk=person.pk), day, quietly=False, by=pair[n], at=clock.now())

    assert at_once(race_company, 2, set_it) == [None, None]
    row = Offboarding.objects.get(person=person)
    assert row.last_day_on == Person.objects.get(pk=person.pk).last_day_on
    assert [entry.step for entry in person.journal].count("offboarding_opened") == 1
