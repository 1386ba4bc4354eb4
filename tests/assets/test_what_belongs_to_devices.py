"""Partners, spaces and settings are the admins'; each change stands in the log."""

import pytest

from assets.models import AssetSettings, Partner, Space
from assets.panels import _sections, settings_section
from tests.assets.making import flashes, words
from tests.making import a_device, a_location, a_person, a_space, an_admin, an_external_distributor
from velory.journal.models import Entry
from velory.people.models import Role

ATEA = {"name": "Atea", "distributes": "on", "email": "service@atea.example", "language": "sv"}


@pytest.fixture
def desk(at_their_desk):
    return at_their_desk(an_admin())


@pytest.mark.parametrize(
    "address",
    [
        "/partners/",
        "/partners/new/",
        "/spaces/",
        "/spaces/new/",
        "/spaces/edit/",
        "/settings/",
        "/log/",
        "/log/export/",
    ],
)
@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.PURCHASE_MANAGER])
def test_these_pages_are_the_admins(at_their_desk, address, role):
    desk = at_their_desk(a_person(role=role))
    assert desk.get(address).status_code == 403
    if address.endswith(("/new/", "/edit/", "/settings/")):
        assert desk.post(address, ATEA).status_code == 403
    assert (Partner.objects.count(), Space.objects.count()) == (0, 0)


# Partners


def test_a_partner_is_added_and_the_log_knows(desk):
    answer = desk.post("/partners/new/", ATEA)
    assert (answer.status_code, answer.url) == (302, "/partners/")
    assert flashes(answer) == ["Atea is saved."]
    assert (Partner.objects.get().integrated, Partner.objects.get().email) == (False, "service@atea.example")
    assert [entry.sentence for entry in Entry.objects.all()] == ["Nils Wikström added the partner Atea."]


def test_whether_it_is_integrated_is_changed_and_written_down(desk):
    atea = an_external_distributor()
    desk.post(f"/partners/{atea.ref}/", ATEA | {"integrated": "on", "language": "en"})
    assert Partner.objects.get().integrated is True
    assert [entry.sentence for entry in Entry.objects.all()] == [
        "Nils Wikström changed the partner Atea: integrated with the store: no → yes."
    ]


def test_saving_what_was_there_writes_nothing(desk):
    atea = an_external_distributor()
    assert desk.post(f"/partners/{atea.ref}/", ATEA | {"language": "en"}).status_code == 302
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("thing", [a_space, an_external_distributor])
def test_a_page_that_was_overtaken_takes_nothing_back(desk, thing):
    there = thing()
    address = f"/spaces/edit/?space={there.name}" if isinstance(there, Space) else f"/partners/{there.ref}/"
    page = desk.get(address)
    said = {name: value or "" for name, value in page.context["form"].initial.items()}
    said |= {"version": page.context["version"]}
    assert f'name="version" value="{page.context["version"]}"' in page.content.decode()
    moved = said | ({"location": a_location("Luleå").name} if isinstance(there, Space) else {"support_phone": "08-1"})
    assert desk.post(address, moved).status_code == 302
    assert desk.post(address, said).status_code == 409
    kept = type(there).objects.get()
    assert getattr(kept, "location", None) or kept.support_phone == "08-1"


def test_no_two_partners_have_one_name(desk):
    an_external_distributor()
    page = desk.post("/partners/new/", ATEA | {"name": " ATEA "})
    assert page.status_code == 422
    assert "There is one called “ATEA” already." in words(page)
    assert Partner.objects.count() == 1


def test_the_list_counts_devices_in_the_house(desk):
    gone = a_device(distributor=an_external_distributor())
    gone.remove(by=an_admin(), why="Lost")
    a_device(distributor=an_external_distributor(), leased=True)
    text = words(desk.get("/partners/"))
    assert "Atea Distributor External service@atea.example 1" in text
    assert "3 Step IT Leasing provider – lease@3stepit.example 1" in text


@pytest.mark.parametrize("number", [1, 3])
def test_lists_cost_the_same_queries_however_long(desk, django_assert_num_queries, number):
    for n in range(number):
        an_external_distributor(f"Partner {n}")
        a_space(f"Room {n}")
    desk.get("/partners/")
    with django_assert_num_queries(8):  # four of them: what is left of the first steps
        desk.get("/partners/")
    with django_assert_num_queries(4):
        desk.get("/spaces/")


# Spaces


def test_a_space_is_added_renamed_and_moved(desk):
    a_location("Göteborg")
    desk.post("/spaces/new/", {"name": "Konferensrum  Vinga"})
    assert Space.objects.get().name == "Konferensrum Vinga"
    answer = desk.post("/spaces/edit/?space=Konferensrum+Vinga", {"name": "Vinga", "location": "Göteborg"})
    assert answer.status_code == 302
    assert (Space.objects.get().name, str(Space.objects.get().location)) == ("Vinga", "Göteborg")
    assert [entry.sentence for entry in Entry.objects.order_by("version")] == [
        "Nils Wikström added the space Konferensrum Vinga.",
        "Nils Wikström changed the space Vinga: name: Konferensrum Vinga → Vinga; location: – → Göteborg.",
    ]


@pytest.mark.parametrize("name", ["", "Attic", "\0", "x" * 5000])
def test_a_space_of_no_such_name_is_not_there(desk, name):
    assert desk.get("/spaces/edit/", {"space": name}).status_code == 404


def test_no_two_spaces_have_one_name_and_none_is_none(desk):
    a_space("Vinga")
    assert desk.post("/spaces/new/", {"name": "vinga"}).status_code == 422
    assert desk.post("/spaces/new/", {"name": " "}).status_code == 422
    assert desk.get("/spaces/edit/?space=Nowhere").status_code == 404


def test_the_list_of_spaces_counts_their_devices(desk):
    a_device(a_space("Vinga"))
    a_space("Reception")
    text = words(desk.get("/spaces/"))
    assert "Reception – 0 Vinga – 1" in text


# Settings


def test_what_the_company_shows_and_who_receives_is_set(desk):
    desk.post("/settings/", {"section": "hardware_settings", "holder_may_receive": "on"})
    kept = AssetSettings.here()
    assert (kept.hide_company_assets, kept.holder_may_receive) == (False, True)
    assert (
        Entry.objects.get().sentence
        == "Nils Wikström changed the settings: hide company assets from employees: yes → no."
    )


def test_another_section_s_form_leaves_this_one_alone(desk):
    assert desk.post("/settings/", {"section": "another"}).status_code == 422
    assert AssetSettings.here().hide_company_assets is True


def test_apps_above_add_their_sections(desk):
    @settings_section(order=500)
    def letters(request):
        return "Letters to employees", "assets/_partner_contact.html", {"partner": an_external_distributor()}

    try:
        text = words(desk.get("/settings/"))
        assert text.index("Hardware Hide company") < text.rindex("Letters to employees")  # the index names it before
    finally:
        _sections._known[:] = [known for known in _sections._known if known[1] is not letters]
