"""An invitation works once, for its address, until it expires, is taken back or replaced."""

import re
from datetime import timedelta

import pytest

from tests.conftest import Browser
from tests.kernel.signing_in import PASSWORD
from tests.making import a_person, an_admin
from tests.racing import at_once
from velory import clock
from velory.journal.reason import NotYours, Refused
from velory.people import invitations
from velory.people.models import Invitation, Person, Role
from velory.post.models import Letter
from velory.post.wording import render
from velory.tenancy.context import inside

pytestmark = pytest.mark.usefixtures("nobody_has_knocked")


def an_invitation(person=None, *, by="an admin"):
    by = an_admin() if by == "an admin" else by
    made = invitations.invite(person or a_person(), by=by)
    letter = Letter.objects.filter(key__contains=f":{made.person.ref}:", person=made.person).latest("pk")
    return made, re.sub(r"^https?://[^/]+", "", letter.context["link"])


def accept(path, browser=None, **words):
    browser = browser or Browser(HTTP_HOST="nordvik.localhost")
    return browser.post(path, {"password1": PASSWORD, **words})


def test_one_chooses_a_password_and_is_signed_in():
    made, path = an_invitation()
    browser = Browser(HTTP_HOST="nordvik.localhost")

    page = browser.get(path)
    answer = accept(path, browser)

    assert made.person.email in page.content.decode()
    assert (answer.status_code, answer.url) == (303, "/")
    assert browser.get("/you/").context["person"] == made.person
    assert [e.step for e in made.person.journal] == ["invited", "accepted"]


def test_a_first_admin_says_their_name_when_they_arrive():
    made, path = an_invitation(a_person("", ""), by=None)
    assert accept(path).status_code == 422
    accept(path, first_name="Ebba", last_name="Bäckman")
    assert str(Person.objects.get(pk=made.person.pk)) == "Ebba Bäckman"


def test_the_first_admin_of_a_new_company_reads_what_that_means():
    Person.objects.invite_first_admin("ebba.nystrom@kometa.example", language="en")
    letter = Letter.objects.get(template="people/first_admin")
    words = render(letter)
    text = " ".join(words.text.split())
    assert words.subject == "Nordvik Energi AB is open in Velory: you are its first admin"
    assert "say who writes to people, name your partners, import your devices" in text
    assert letter.context["link"] in text
    an_invitation(a_person(), by="an admin")
    assert Letter.objects.filter(template="people/first_admin").count() == 1


def test_whoever_has_a_name_keeps_it():
    made, path = an_invitation(a_person("Örjan", "Jensen"))
    accept(path, first_name="Ebba", last_name="Bäckman")
    assert str(Person.objects.get(pk=made.person.pk)) == "Örjan Jensen"


def test_the_database_does_not_know_the_token():
    made, path = an_invitation()
    raw = path.strip("/").split("/")[-1]
    assert made.token == invitations.digest(raw) != raw
    assert len(raw) >= 43  # 256 bits


def test_the_link_names_the_companys_own_host():
    made, _path = an_invitation()
    assert re.match(r"http://nordvik\.localhost[:/]", Letter.objects.get(person=made.person).context["link"])


# Misused


def test_it_works_once():
    _made, path = an_invitation()
    accept(path)
    assert accept(path).status_code == 410


def test_a_newer_one_takes_its_place():
    made, old = an_invitation()
    _newer, new = an_invitation(made.person)
    assert accept(old).status_code == 410
    assert accept(new).status_code == 303
    assert Invitation.objects.filter(revoked_at=None).count() == 1


def test_it_expires_after_fourteen_days(at):
    _made, path = an_invitation()
    at(clock.now() + timedelta(days=14) - timedelta(seconds=1))
    assert Browser(HTTP_HOST="nordvik.localhost").get(path).status_code == 200
    at(clock.now() + timedelta(seconds=1))
    assert accept(path).status_code == 410


def test_it_is_for_the_address_it_was_sent_to():
    made, path = an_invitation()
    made.person.change(by=an_admin(), at=clock.now(), email="other@nordvik.example")
    assert accept(path).status_code == 410


def test_an_address_that_changed_without_a_word_ends_it_too():
    made, path = an_invitation()
    Person.objects.filter(pk=made.person.pk).update(email="other@nordvik.example")
    assert accept(path).status_code == 410


@pytest.mark.parametrize("lost", [{"role": Role.EMPLOYEE}, {"is_active": False}])
def test_it_ends_with_the_rights_of_whoever_invited(lost):
    inviter = an_admin()
    _made, path = an_invitation(by=inviter)
    Person.objects.filter(pk=inviter.pk).update(**lost)
    assert accept(path).status_code == 410


def test_it_goes_with_whoever_invited():
    inviter = an_admin()
    _made, path = an_invitation(by=inviter)
    inviter.delete()
    assert accept(path).status_code == 410


def test_it_ends_with_access():
    made, path = an_invitation()
    made.person.end_access(by=an_admin(), at=clock.now())
    assert accept(path).status_code == 410
    made.person.give_access(by=an_admin(), at=clock.now())
    assert accept(path).status_code == 410


def test_no_role_comes_with_the_form():
    made, path = an_invitation()
    accept(path, role="admin", is_admin="1", email="evil@example.com", ref="P-222222")
    person = Person.objects.get(pk=made.person.pk)
    assert (person.role, person.email, person.ref) == (Role.EMPLOYEE, made.email, made.person.ref)


def test_the_role_is_the_one_at_the_moment_of_accepting():
    made, path = an_invitation(a_person(role=Role.ADMIN))
    Person.objects.filter(pk=made.person.pk).update(role=Role.EMPLOYEE)
    browser = Browser(HTTP_HOST="nordvik.localhost")
    accept(path, browser)
    assert browser.get("/people/").status_code == 403


def test_a_scanner_that_looks_uses_nothing_up():
    _made, path = an_invitation()
    for look in ("head", "options", "get", "get", "get"):
        getattr(Browser(HTTP_HOST="nordvik.localhost"), look)(path)
    assert accept(path).status_code == 303


def test_somebody_else_who_is_signed_in_becomes_the_one_who_was_invited(at_their_desk):
    nils = an_admin()
    made, path = an_invitation(by=nils)
    browser = at_their_desk(nils)
    accept(path, browser)
    assert browser.get("/you/").context["person"] == made.person


@pytest.mark.parametrize(
    "spoil",
    [
        lambda p: p[:-6] + "/",
        lambda p: p[:-1] + p[-20:],
        lambda p: "/welcome/x/",
        lambda p: "/welcome/" + "a" * 5000 + "/",
    ],
)
def test_a_spoilt_link_opens_nothing(spoil):
    _made, path = an_invitation()
    assert accept(spoil(path)).status_code == 410


def test_it_is_nothing_at_another_company(saimaa):
    made, path = an_invitation()
    with inside(saimaa):
        a_person(email=made.email)
    assert accept(path, Browser(HTTP_HOST="saimaa.localhost")).status_code == 410


def test_a_weak_password_is_refused_and_the_invitation_stays():
    _made, path = an_invitation()
    assert accept(path, password1="short").status_code == 422
    assert accept(path).status_code == 303


# Who invites whom


def test_only_an_admin_invites():
    with pytest.raises(NotYours):
        invitations.invite(a_person(), by=a_person())
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(("facts", "code"), [({"email": None}, "no_address"), ({"is_active": False}, "no_access")])
def test_who_cannot_be_invited_and_why(facts, code):
    with pytest.raises(Refused) as refused:
        invitations.invite(a_person(**facts), by=an_admin())
    assert refused.value.reason.code == code
    assert not Letter.objects.exists()


def test_a_new_companys_first_admin_is_invited_once():
    for _ in range(2):
        person = Person.objects.invite_first_admin(" Ebba@Nordvik.example ", language="sv")
    assert (person.email, person.role) == ("ebba@nordvik.example", Role.ADMIN)
    assert Letter.objects.filter(person=person).count() == 1


# At an admin's desk


def test_an_admin_adds_and_invites(at_their_desk):
    desk = at_their_desk(an_admin())
    words = {
        "first_name": "Örjan",
        "last_name": "Jensen",
        "email": "Orjan@Nordvik.example",
        "role": "employee",
        "language": "sv",
    }

    answer = desk.post("/people/new/", words | {"invite": "yes"})

    person = Person.objects.at_address("orjan@nordvik.example").get()
    assert (answer.status_code, answer.url) == (303, person.get_absolute_url())
    assert Letter.objects.get().person == person
    assert [e.step for e in person.journal] == ["added", "invited"]


def test_the_same_address_twice_is_said_at_the_field(at_their_desk):
    there = a_person()
    desk = at_their_desk(an_admin())
    answer = desk.post(
        "/people/new/",
        {"first_name": "A", "last_name": "B", "email": there.email.upper(), "role": "employee", "language": "sv"},
    )
    assert answer.status_code == 422
    assert "email" in answer.context["form"].errors


def test_the_last_admin_stays_one(at_their_desk):
    admin = an_admin()
    desk = at_their_desk(admin)

    demoted = desk.post(
        f"/people/{admin.ref}/edit/",
        {"first_name": "Nils", "last_name": "Wikström", "email": admin.email, "role": "employee", "language": "en"},
    )
    ended = desk.post(f"/people/{admin.ref}/end_access/")

    assert (demoted.status_code, ended.status_code) == (422, 409)
    admin = Person.objects.get(pk=admin.pk)
    assert admin.is_admin
    assert admin.is_active


def test_a_page_that_was_overtaken_takes_nothing_back(at_their_desk):
    person, desk = a_person(phone=""), at_their_desk(an_admin())
    page = desk.get(f"/people/{person.ref}/edit/")
    said = {name: value or "" for name, value in page.context["form"].initial.items()}
    said |= {"version": page.context["version"]}

    answers = [desk.post(f"/people/{person.ref}/edit/", said | change) for change in ({"phone": "08-1"}, {})]

    assert [answer.status_code for answer in answers] == [303, 409]
    assert Person.objects.get(pk=person.pk).phone == "08-1"


def test_whoever_has_left_is_added_without_an_invitation(at_their_desk):
    desk = at_their_desk(an_admin())
    words = {"first_name": "A", "last_name": "B", "email": "left@nordvik.example", "role": "employee", "language": "sv"}
    desk.post("/people/new/", words | {"last_day_on": "2020-01-01", "invite": "yes"})
    assert Person.objects.at_address("left@nordvik.example").exists()
    assert not Letter.objects.exists()


def test_what_has_changed_stands_in_the_journal_without_what_was_in_it():
    person = a_person(phone="")
    person.change(by=an_admin(), at=clock.now(), phone="+46 70 1", role=Role.ADMIN, email="new@nordvik.example")
    assert {e.step for e in person.journal} == {"made_admin", "given_address", "changed"}
    assert "+46" not in str([e.details for e in person.journal])


def test_nothing_changed_is_no_entry():
    person = a_person(phone="1")
    person.change(by=an_admin(), at=clock.now(), phone="1")
    assert not person.journal.exists()


def test_people_are_found_by_every_word(at_their_desk):
    desk = at_their_desk(an_admin())
    a_person(first_name="Åsa", last_name="Öberg", email="asa.oberg@nordvik.example", employee_number="4711")
    for words in ("åsa", "ÖBERG åsa", "4711", "asa.oberg@"):
        assert [str(p) for p in desk.get("/people/", {"q": words}).context["table"].rows] == ["Åsa Öberg"]
    for words in ("%", "_", "' or 1=1 --", "\\", "nul\0nul", "x" * 5000):
        assert desk.get("/people/", {"q": words}).context["table"].rows == []


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(at_their_desk, django_assert_num_queries):
    desk = at_their_desk(an_admin())
    desk.get("/people/")
    with django_assert_num_queries(14):
        desk.get("/people/")
    for _ in range(5):
        a_person()
    with django_assert_num_queries(14):
        desk.get("/people/")


# At once


@pytest.mark.races
def test_two_admins_who_end_each_others_access_leave_one(race_company):
    pair = [an_admin(), an_admin()]

    def end_the_other(n):
        return Person.objects.get(pk=pair[1 - n].pk).end_access(by=pair[n], at=clock.now())

    said = at_once(race_company, 2, end_the_other)

    assert sorted(type(answer).__name__ for answer in said) == ["NoneType", "Refused"]
    assert Person.objects.admins().working(clock.today()).count() == 1


@pytest.mark.races
def test_eight_who_accept_the_same_invitation_are_one(race_company):
    made, path = an_invitation()
    raw = path.strip("/").split("/")[-1]

    said = at_once(race_company, 8, lambda n: invitations.accept(raw, f"{PASSWORD} {n}"))

    assert [fault for fault in said if isinstance(fault, Exception)] == []
    assert len([person for person in said if person]) == 1
    assert [e.step for e in made.person.journal] == ["invited", "accepted"]


@pytest.mark.races
def test_eight_invitations_at_once_leave_one_open(race_company):
    admin, person = an_admin(), a_person()

    said = at_once(race_company, 8, lambda n: invitations.invite(person, by=admin))

    assert [fault for fault in said if isinstance(fault, Exception)] == []
    assert Invitation.objects.filter(revoked_at=None).count() == 1
