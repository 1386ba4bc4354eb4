"""A file of last days: who is known gets one, who is not is refused, and the preview says how many devices."""

from datetime import date

import pytest

from assets.importing.applying import apply_all
from assets.importing.models import Import
from assets.models import Offboarding
from assets.offboarding.letters import TOLD
from tests.assets.making import words
from tests.making import a_device, a_person, an_admin
from velory import clock
from velory.people.models import Person
from velory.post.models import Letter


@pytest.fixture
def admin():
    return an_admin()


def a_file(*rows, by, leavers=True, headings="email,last_employment_date"):
    made = Import.begin("\n".join([headings, *rows]).encode(), "leavers.csv", by=by, at=clock.now(), leavers=leavers)
    made.read_here(at=clock.now())
    return made


def applied(made, *, by, **said):
    made.confirm(by=by, plan=made.plan_digest, at=clock.now(), **said)
    apply_all(made, at=clock.now())
    return Import.objects.get(pk=made.pk)


def verdicts(made):
    return [(row.email, row.verdict, [fault.code for fault in row.reasons]) for row in made.rows.order_by("number")]


def test_the_preview_names_per_row_how_many_devices_are_to_be_settled(admin, at_their_desk):
    person = a_person(email="noor.obrien@nordvik.example", first_name="Noor", last_name="O'Brien")
    a_device(person)
    a_device(person, leased=True)
    page = at_their_desk(admin).get(a_file("noor.obrien@nordvik.example,2026-12-03", by=admin).get_absolute_url())
    assert "2 devices to settle" in words(page)
    assert "Don’t write to the person who leaves" in words(page)


def test_an_address_that_nobody_has_is_refused_and_brings_nobody_in(admin):
    a_person(email="noor.obrien@nordvik.example")
    before = Person.objects.count()
    made = a_file(
        "nobody@nordvik.example,2026-12-03,Nobody,Known", "noor.obrian@nordvik.example,2026-12-03,Noor,O'Brien",
        by=admin, headings="email,last_employment_date,first_name,last_name",
    )  # fmt: skip
    assert verdicts(made) == [
        ("nobody@nordvik.example", "refused", ["unknown_leaver"]),
        ("noor.obrian@nordvik.example", "refused", ["unknown_leaver_like"]),
    ]
    assert Person.objects.count() == before


def test_nothing_but_the_last_day_is_taken_from_it(admin):
    person = a_person(email="noor.obrien@nordvik.example", first_name="Noor", last_name="O'Brien")
    made = a_file(
        "noor.obrien@nordvik.example,2026-12-03,Nora,admin", by=admin,
        headings="email,last_employment_date,first_name,user_role",
    )  # fmt: skip
    applied(made, by=admin)
    now = Person.objects.get(pk=person.pk)
    assert (now.first_name, now.role, now.last_day_on) == ("Noor", "employee", date(2026, 12, 3))


def test_a_row_without_a_last_day_is_refused(admin):
    a_person(email="noor.obrien@nordvik.example")
    assert verdicts(a_file("noor.obrien@nordvik.example,", by=admin))[0][2] == ["no_last_day"]


def test_the_last_admin_cannot_leave_by_file(admin):
    made = a_file(f"{admin.email},2027-03-31", by=admin)
    assert verdicts(made)[0][1:] == ("refused", ["last_admin"])


def test_a_row_whose_person_was_changed_meanwhile_is_refused(admin):
    person = a_person(email="noor.obrien@nordvik.example")
    made = a_file("noor.obrien@nordvik.example,2026-12-03", by=admin)
    person.change(by=admin, at=clock.now(), last_day_on=date(2027, 1, 31))
    applied(made, by=admin, write_to_leavers=True)
    assert verdicts(made)[0][1:] == ("refused", ["meanwhile_changed"])
    assert Offboarding.objects.under_way().get().last_day_on == date(2027, 1, 31)


@pytest.mark.parametrize(("write", "letters"), [(True, 300), (False, 0)])
def test_three_hundred_leave_at_once(write, letters, admin):
    people = [a_person() for _each in range(300)]
    made = applied(a_file(*(f"{p.email},2026-12-31" for p in people), by=admin), by=admin, write_to_leavers=write)
    assert made.outcome["rows"]["changed"] == 300
    assert Offboarding.objects.under_way().count() == 300
    assert Letter.objects.of_template(TOLD).count() == letters
    entry = people[7].journal.get(step="offboarding_opened")
    assert (entry.by_ref, entry.details) == (admin.ref, {"last_day_on": "2026-12-31"})


def test_the_same_file_again_changes_nothing_and_writes_to_nobody(admin):
    person = a_person(email="noor.obrien@nordvik.example")
    for _time in range(2):
        applied(a_file("noor.obrien@nordvik.example,2026-12-03", by=admin), by=admin, write_to_leavers=True)
    assert Letter.objects.of_template(TOLD).to_person(person).count() == 1


def test_a_file_of_people_and_devices_opens_offboardings_too(admin):
    made = a_file(
        "olof.virtanen@nordvik.example,Olof,Virtanen,2027-01-08", by=admin, leavers=False,
        headings="email,first_name,last_name,last_employment_date",
    )  # fmt: skip
    applied(made, by=admin)
    assert Offboarding.objects.under_way().get().last_day_on == date(2027, 1, 8)


def test_the_door_stands_among_the_leavers_and_the_imports(admin, at_their_desk):
    desk = at_their_desk(admin)
    for address in ("/people/leaving/", "/imports/"):
        assert 'href="/people/leaving/import/"' in desk.get(address).content.decode()
    sent = desk.post("/people/leaving/import/", {})
    assert sent.status_code == 422
