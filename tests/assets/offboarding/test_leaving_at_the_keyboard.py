"""The pages of somebody's leaving: the admins' list, one leaver, and the leaver's own."""

from datetime import date

import pytest

from assets.models import Offboarding, OffboardingSettings, Plan
from assets.offboarding import plans
from assets.offboarding.letters import TOLD
from orders.models import Delegation, StoreSettings
from tests.assets.making import flashes, words
from tests.assets.offboarding.making import LAST_DAY, a_leaver, the_offboarding_of
from tests.assets.offboarding.test_opening_an_offboarding import link_of
from tests.making import a_device, a_location, a_person, an_admin
from tests.orders.wishing import a_request
from velory import clock
from velory.journal.reason import Refused
from velory.people.models import Person
from velory.post.models import Letter
from velory.post.wording import render


@pytest.fixture
def admin():
    return an_admin()


@pytest.fixture
def desk(admin, at_their_desk):
    return at_their_desk(admin)


def facts_of(person, **other):
    known = {"first_name": person.first_name, "last_name": person.last_name, "email": person.email,
             "role": person.role, "language": person.language}  # fmt: skip
    return known | other


def test_a_last_day_on_the_form_of_a_person_opens_it_and_writes_unless_told_otherwise(desk):
    person, quiet = a_person(), a_person()
    desk.post(f"/people/{person.ref}/edit/", facts_of(person, last_day_on="2026-12-03"))
    desk.post(f"/people/{quiet.ref}/edit/", facts_of(quiet, last_day_on="2026-12-03", skip_letter="on"))
    assert Offboarding.objects.under_way().count() == 2
    assert Letter.objects.of_template(TOLD).get().person == person


def test_the_last_day_has_a_page_of_its_own_that_says_what_follows(desk):
    person = a_person()
    a_device(person)
    page = words(desk.get(f"/people/leaving/{person.ref}/day/"))
    assert "1 device is to be settled" in page
    assert "Access ends at midnight after the last day" in page
    sent = desk.post(f"/people/leaving/{person.ref}/day/", {"last_day_on": "2026-12-03"})
    assert sent["Location"] == f"/people/leaving/{person.ref}/"
    assert Person.objects.get(pk=person.pk).last_day_on == date(2026, 12, 3)


def test_the_last_admin_reads_why_they_cannot_leave(desk, admin):
    sent = desk.post(f"/people/leaving/{admin.ref}/day/", {"last_day_on": "2026-12-03"})
    assert sent.status_code == 422
    assert "There would be no admin left after that day" in words(sent)


def test_the_list_shows_who_has_something_left_the_next_day_first(desk):
    later, sooner = a_leaver(date(2027, 1, 8), last_name="Later"), a_leaver(last_name="Sooner")
    for person in (later, sooner):
        a_device(person)
    page = words(desk.get("/people/leaving/"))
    assert page.index("Noor Sooner") < page.index("Noor Later")
    assert "in 11 days" in page


def test_one_leaver_with_everything_that_hangs_on_them(desk, admin):
    person = a_leaver(role="purchase_manager")
    place, other = a_location(), a_person("Karin", "Ström", approver=person)
    place.approver = person
    place.save()
    StoreSettings.objects.update_or_create(pk=1, defaults={"approver": person})
    request = a_request(person=person)
    Delegation.objects.create(approver=admin, deputy=person, from_on=clock.today(), until_on=date(2026, 12, 24))
    page = words(desk.get(f"/people/leaving/{person.ref}/"))
    for said in (f"Approver of {other}", "Approver of the location Stockholm", "The company’s approver",
                 f"Request {request.ref}", f"Answers for {admin} until 24 December 2026"):  # fmt: skip
        assert said in page


def test_an_admin_marks_a_device_as_handed_in(desk):
    person = a_leaver()
    device = a_device(person)
    sent = desk.post(f"/people/leaving/{person.ref}/{device.ref}/hand-in/")
    assert flashes(sent) == ["Apple iPhone 15 128 GB is handed in. It stands under Unassigned."]
    assert "Handed in: nobody has it." in words(desk.get(f"/people/leaving/{person.ref}/"))
    again = desk.post(f"/people/leaving/{person.ref}/{device.ref}/hand-in/")
    assert again.status_code == 409


def test_an_admin_decides_with_a_price_and_leaves_it_to_them_again(desk):
    person = a_leaver()
    device = a_device(person)
    at = f"/people/leaving/{person.ref}/{device.ref}/"
    assert "What becomes of Apple iPhone 15 128 GB?" in words(desk.get(at))
    desk.post(at, {"way": "buy_out", "price": "1500"})
    plan = Plan.objects.get()
    assert (plan.way, plan.by_admin, plan.early_buyout) == ("buy_out", True, True)
    desk.post(at, {"way": ""})
    assert Plan.objects.get().way == ""


def test_a_buyout_before_its_time_is_not_decided_without_a_price(desk):
    person = a_leaver()
    device = a_device(person, leased=True)
    at = f"/people/leaving/{person.ref}/{device.ref}/"
    sent = desk.post(at, {"way": "buy_out"})
    assert sent.status_code == 422
    assert "Say what it costs" in words(sent)
    desk.post(at, {"way": "return"})
    assert (Plan.objects.get().way, Plan.objects.get().early_return) == ("return", True)


def test_the_page_of_a_person_and_of_a_device_say_that_they_leave(desk):
    person = a_leaver()
    device = a_device(person)
    assert "1 device is not settled." in words(desk.get(f"/people/{person.ref}/"))
    assert "Noor O'Brien leaves on 3 December 2026." in words(desk.get(f"/devices/{device.ref}/"))


def test_the_page_of_a_device_says_that_its_holder_has_left(desk):
    device = a_device(a_leaver(date(2026, 11, 1)))
    assert "Noor O'Brien has left and still has it." in words(desk.get(f"/devices/{device.ref}/"))


def test_a_persons_page_shows_what_they_had_before_and_what_they_asked_for(desk, admin):
    person = a_person()
    device = a_device(person)
    device.unassign(by=admin)
    request = a_request(person=person)
    page = words(desk.get(f"/people/{person.ref}/"))
    assert "1 device that they had before" in page
    assert f"Request {request.ref}" in page


def test_the_letter_is_sent_again_at_a_press(desk):
    person = a_leaver()
    desk.post(f"/people/leaving/{person.ref}/write/")
    assert Letter.objects.of_template(TOLD).to_person(person).count() == 2


# The leaver's own


def test_home_leads_to_one_page_for_all_devices(at_their_desk):
    person = a_leaver(language="en")
    a_device(person)
    browser = at_their_desk(person)
    assert "Your last day is 3 December 2026" in words(browser.get("/"))
    page = words(browser.get("/you/leaving/"))
    assert "Hand it in" in page
    assert "This can be chosen from" in page
    assert "That is after your last day." in page


def test_a_page_promises_no_choice_that_there_is_not(client):
    person = a_leaver(language="en")
    device = a_device(person)
    path = link_of(Letter.objects.to_person(person).get())
    client.get(path)
    client.post(f"{path}{device.ref}/", {"way": "stays"})
    page = words(client.get(path))
    assert "You hand it in by 3 December 2026, with its charger." in page
    assert "Until then you can still choose otherwise" not in page
    assert "you sign in first" not in page


def test_whoever_does_not_leave_has_no_such_page(at_their_desk):
    assert at_their_desk(a_person()).get("/you/leaving/").status_code == 404


def test_looking_changes_nothing_and_saying_so_is_kept(at_their_desk):
    person = a_leaver()
    device = a_device(person)
    browser = at_their_desk(person)
    browser.get("/you/leaving/")
    assert Plan.objects.count() == 0
    browser.post(f"/you/leaving/{device.ref}/", {"way": "stays"})
    assert (Plan.objects.get().way, Plan.objects.get().by_admin) == ("stays", False)


def test_somebody_elses_device_is_not_theirs_to_say(at_their_desk):
    other = a_device(a_person())
    assert at_their_desk(a_leaver()).post(f"/you/leaving/{other.ref}/", {"way": "stays"}).status_code == 404


def test_an_admin_who_leaves_can_say_of_their_own_only_what_there_is(at_their_desk, admin):
    leaver = an_admin(first_name="Sara", last_name="Ek")
    device = a_device(leaver)
    leaver.change(by=admin, at=clock.now(), last_day_on=LAST_DAY)
    with pytest.raises(Refused):
        plans.say(the_offboarding_of(leaver), device, "given away to a friend", by=leaver, at=clock.now())
    at_their_desk(leaver).post(f"/you/leaving/{device.ref}/", {"way": "given away to a friend"})
    assert Plan.objects.get().way == "stays"


def test_the_link_in_the_letter_shows_the_same_page_and_changes_nothing_by_itself(client):
    person = a_leaver(language="en")
    device = a_device(person)
    path = link_of(Letter.objects.to_person(person).get())
    page = client.get(path)
    assert "Your devices when you leave" in words(page)
    assert Plan.objects.count() == 0
    client.post(f"{path}{device.ref}/", {"way": "stays"})
    assert Plan.objects.get().device == device
    assert client.post(f"{path}D-222222/", {"way": "stays"}).status_code == 404


def test_the_reminder_stands_among_planned_mail(desk):
    person = a_leaver()
    a_device(person)
    page = words(desk.get("/mail/planned/"))
    assert "1 device not settled" in page
    assert desk.get(f"/mail/planned/offboarding/{person.ref}/").status_code == 200


@pytest.mark.parametrize("many", [1, 4])
def test_planned_reminders_cost_the_same_queries_however_many_leave(many, django_assert_num_queries):
    from assets.offboarding.letters import planned_reminders

    for _each in range(many):
        a_device(a_leaver())
    with django_assert_num_queries(5):
        told = planned_reminders(LAST_DAY, "")[0:10]
    assert [letter.about for letter in told] == ["1 device not settled"] * many


def test_a_letter_of_a_day_that_moved_does_not_go():
    from assets.offboarding.letters import still_leaves

    person = a_leaver()
    letter = Letter.objects.to_person(person).get()
    assert still_leaves(letter, clock.now()) is None
    row = the_offboarding_of(person)
    row.last_day_on = date(2027, 1, 1)
    row.save()
    assert still_leaves(letter, clock.now()).code == "moved"


def test_where_the_company_decides_nobody_is_told_to_say_what_becomes_of_a_device(at_their_desk):
    OffboardingSettings.objects.update_or_create(pk=1, defaults={"leaver_chooses": False})
    person = a_leaver(language="en")
    a_device(person)
    letter = render(Letter.objects.of_template(TOLD).get())
    desk = at_their_desk(person)
    for text in (letter.text, letter.html, words(desk.get("/")), words(desk.get("/you/leaving/"))):
        assert "Say what becomes" not in text
    assert "Your company has not decided yet." in letter.text
    assert "Your company has not decided yet." in words(desk.get("/you/leaving/"))
    assert "Your company decides what becomes of each of your devices." in words(desk.get("/"))
