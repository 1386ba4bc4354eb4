"""What an admin looks for again and again is kept under a name, for oneself or for all admins; columns are chosen."""

import re
from datetime import date
from urllib.parse import parse_qs

import pytest

from assets.columns import COLUMNS
from assets.models import ColumnChoice, Device, SavedView
from tests.assets.making import words
from tests.assets.test_the_hardware_table import names_on
from tests.making import a_device, a_location, a_person, a_space, a_team, an_admin
from velory import clock
from velory.journal.models import Entry
from velory.people.models import Role

NOW = "view=renewals&category=phones&sort=-device&columns=holder"


@pytest.fixture
def nils():
    return an_admin()


@pytest.fixture
def sanna():
    return a_person("Sanna", "Persson", role=Role.ADMIN, language="en")


@pytest.fixture
def desk(at_their_desk, nils):
    return at_their_desk(nils)


def a_view(owner, name="Phones to renew", query=NOW, *, shared=False):
    return SavedView.keep(by=owner, at=clock.now(), name=name, query=query, shared=shared)


def heads(page):
    found = re.findall(r"<th scope=\"col\".*?</th>", page.content.decode(), re.DOTALL)
    told = [" ".join(re.sub("<[^>]+>", " ", head).split()) for head in found]
    return [head for head in told if not head.startswith("Select")]  # the box that ticks the page


# Keeping


def test_what_the_table_shows_is_kept_under_a_name(desk, nils):
    a_device(name="Fairphone 5", renewal_on=date(2026, 12, 1))
    a_device(name="iPhone 15", renewal_on=date(2026, 12, 2))
    a_device(name="iPad", category="tablets", renewal_on=date(2026, 12, 3))
    answer = desk.post("/hardware/views/", {"name": "Phones to renew", "query": NOW})
    view = SavedView.objects.get()
    assert answer.url == f"/hardware/?saved={view.ref}"
    assert (view.owner, view.shared, view.query) == (nils, False, NOW)
    page = desk.get(answer.url)
    assert names_on(page) == ["iPhone 15", "Fairphone 5"]
    assert heads(page) == ["Device", "Holder", "Status"]
    assert "Phones to renew" in words(page)


def test_order_and_columns_are_kept_though_the_address_did_not_say_them(desk, nils):
    ColumnChoice.remember(nils, ["serial"])
    desk.post("/hardware/views/", {"name": "All of it", "query": "nonsense=1"})
    assert SavedView.objects.get().query == "sort=renewal&columns=serial"


@pytest.mark.parametrize("query", ["q=" + "x" * 9000, "category=" + "y" * 3000, "sort=holder__password", "a;b%00=\0"])
def test_whatever_is_sent_only_what_a_table_knows_is_kept(desk, query):
    desk.post("/hardware/views/", {"name": "Odd", "query": query})
    kept = SavedView.objects.get()
    assert set(parse_qs(kept.query)) <= {"q", "category", "sort", "columns"}
    assert "password" not in kept.query
    assert desk.get(kept.get_absolute_url()).status_code == 200


def test_a_name_is_taken_once_by_each(desk, nils, sanna):
    a_view(nils, "Leases")
    a_view(sanna, "Leases")
    answer = desk.post("/hardware/views/", {"name": "LEASES", "query": NOW})
    assert answer.status_code == 422
    assert "There is a view of that name already." in words(answer)
    assert f'value="{NOW}"'.replace("&", "&amp;") in answer.content.decode()


def test_there_are_not_more_than_one_can_find_one_s_way_in(desk, nils, monkeypatch):
    monkeypatch.setattr("assets.models.saved_view.MOST", 1)
    a_view(nils)
    answer = desk.post("/hardware/views/", {"name": "One more", "query": ""})
    assert answer.status_code == 422
    assert "You have 1 saved views." in words(answer)


def test_the_journal_says_what_was_kept_but_not_what_is_private(nils):
    a_view(nils, "People to watch").forget(by=nils, at=clock.now())
    a_view(nils, "Leases", shared=True).change(by=nils, at=clock.now(), name="Leases of Luleå")
    told = [entry.sentence for entry in Entry.objects.filter(about_type="assets.savedview").order_by("pk")]
    assert not any("People" in sentence for sentence in told)
    assert told[2:] == ["Nils Wikström saved the view Leases.", "Nils Wikström changed the view Leases of Luleå."]


# Whose


def test_somebody_else_s_is_as_if_it_were_not_there(desk, sanna):
    private = a_view(sanna, "Secret")
    missing = desk.get("/hardware/?saved=V-222222")
    for address in (f"/hardware/?saved={private.ref}", f"/hardware/export/?saved={private.ref}"):
        answer = desk.get(address)
        assert (answer.status_code, missing.status_code) == (404, 404)
    assert desk.get(f"/hardware/views/{private.ref}/").status_code == 404
    for deed in ("update", "delete"):
        assert desk.post(f"/hardware/views/{private.ref}/{deed}/", {"query": ""}).status_code == 404
    assert "Secret" not in words(desk.get("/hardware/"))
    assert SavedView.objects.get().query == NOW


def test_a_shared_one_stands_in_every_admin_s_table_and_is_its_owner_s_to_change(desk, sanna):
    shared = a_view(sanna, "Phones to renew", shared=True)
    assert "Phones to renew" in words(desk.get("/hardware/"))
    page = words(desk.get(shared.get_absolute_url()))
    assert "Sanna Persson shares it with all admins." in page
    assert "Rename, share or delete" not in page
    assert desk.post(f"/hardware/views/{shared.ref}/delete/").status_code == 404


def test_what_somebody_shared_who_has_left_may_be_changed_by_any_admin(desk, sanna):
    shared = a_view(sanna, shared=True)
    sanna.end_access(by=None, at=clock.now())
    assert "Rename, share or delete" in words(desk.get(shared.get_absolute_url()))
    assert desk.post(f"/hardware/views/{shared.ref}/delete/").status_code == 303


def test_namesakes_are_told_apart_by_their_owners(desk, nils, sanna):
    a_view(nils, "Leases")
    a_view(sanna, "leases", shared=True)
    text = words(desk.get("/hardware/"))
    assert "Leases (Nils Wikström)" in text
    assert "leases (Sanna Persson)" in text


def test_an_employee_has_none_of_it(at_their_desk, nils):
    a_view(nils, shared=True)
    employee = a_person()
    assert at_their_desk(employee).get("/hardware/views/").status_code == 403
    assert not SavedView.objects.visible_to(employee)


# Using


def test_an_address_that_says_more_is_what_it_says(desk, nils):
    a_device(name="iPad", category="tablets", renewal_on=date(2026, 12, 3))
    view = a_view(nils)
    assert names_on(desk.get(f"/hardware/?saved={view.ref}&category=tablets")) == ["iPad"]
    assert names_on(desk.get(f"/hardware/?saved={view.ref}&q=")) == ["iPad"]


def test_an_open_view_says_when_something_else_is_shown_and_takes_it_over(desk, nils):
    view = a_view(nils)
    assert "Update it to what is shown now" not in words(desk.get(view.get_absolute_url()))
    page = desk.get(f"{view.get_absolute_url()}&{NOW.replace('phones', 'tablets')}")
    assert "Update it to what is shown now" in words(page)
    answer = desk.post(f"/hardware/views/{view.ref}/update/", {"query": NOW.replace("phones", "tablets")})
    assert answer.url == view.get_absolute_url()
    assert SavedView.objects.get().query == NOW.replace("phones", "tablets")


def test_it_is_renamed_shared_and_deleted(desk, nils):
    view = a_view(nils)
    a_view(nils, "Taken")
    assert desk.post(f"/hardware/views/{view.ref}/", {"name": "taken"}).status_code == 422
    assert desk.post(f"/hardware/views/{view.ref}/", {"name": "To renew", "shared": "on"}).status_code == 303
    kept = SavedView.objects.get(ref=view.ref)
    assert (kept.name, kept.shared) == ("To renew", True)
    desk.post(f"/hardware/views/{view.ref}/delete/")
    assert desk.get(view.get_absolute_url()).status_code == 404


def test_a_filter_whose_value_is_gone_still_works_and_can_be_taken_away(desk, nils):
    a_device(name="Fairphone 5")
    view = a_view(nils, query="location=Gamla+kontoret&distributor=B-222222&sort=renewal&columns=none")
    page = desk.get(view.get_absolute_url())
    assert names_on(page) == []
    assert "Gamla kontoret (not here)" in words(page)
    assert "B-222222 (not here)" in words(page)


def test_many_saved_views_stand_in_a_menu(desk, nils):
    for number in range(6):
        a_view(nils, f"View {number}")
    page = desk.get("/hardware/").content.decode()
    tabs = page.split('<nav class="views"')[1].split("</nav>")[0]
    assert "View 5" not in tabs
    assert "View 5" in page


def test_pages_sorting_and_export_keep_the_view(desk, nils):
    for number in range(30):
        a_device(name=f"Phone {number:02}", renewal_on=date(2026, 12, 1))
    view = a_view(nils)
    second = desk.get(f"{view.get_absolute_url()}&page=2")
    assert names_on(second) == [f"Phone {number:02}" for number in range(4, -1, -1)]
    file = b"".join(desk.get(f"/hardware/export/?saved={view.ref}").streaming_content).decode()
    assert re.findall("Phone [0-9]{2}", file) == [f"Phone {number:02}" for number in range(29, -1, -1)]


# Columns


def test_columns_are_remembered_and_stand_in_the_address(desk, nils):
    a_device(name="Fairphone 5", serial="FP5-1")
    answer = desk.post("/hardware/columns/", {"columns": ["serial", "team", "no-such"], "query": "q=fair"})
    assert answer.url == "/hardware/?q=fair&columns=serial%2Cteam"
    assert heads(desk.get(answer.url)) == heads(desk.get("/hardware/")) == ["Device", "Status", "Serial number", "Team"]


def test_the_device_and_its_status_stand_there_even_where_nothing_is_chosen(desk):
    a_device()
    answer = desk.post("/hardware/columns/", {"query": ""})
    assert heads(desk.get(answer.url)) == heads(desk.get("/hardware/")) == ["Device", "Status"]
    desk.post("/hardware/columns/", {"usual": "1", "query": ""})
    assert heads(desk.get("/hardware/")) == ["Device", "Holder", "Status", "Renewal", "Ownership", "Payor"]


def test_a_colleague_s_choice_is_their_own(desk, sanna):
    a_device()
    ColumnChoice.remember(sanna, ["serial"])
    assert "Serial number" not in heads(desk.get("/hardware/"))


def test_every_column_says_what_is_known(desk):
    holder = a_person(location=a_location("Luleå"), team=a_team("Drift"), cost_centre="4200")
    device = a_device(holder, serial="FP5-1", leased=True, imei="354402685995284", number="D-1",
                      purchased_on=date(2025, 11, 22), purchase_price=9490)  # fmt: skip
    Device.objects.filter(pk=device.pk).update(currency="SEK")
    device.contract.number, device.contract.starts_on = "L-77", date(2025, 1, 1)
    device.contract.monthly_cost = 249
    device.contract.save()
    page = words(desk.get("/hardware/", {"columns": ",".join(COLUMNS)}))
    for told in ["FP5-1", "354402685995284", "D-1", device.ref, "Phones", "Luleå", "Drift", "4200", "Dustin",
                 "22 Nov 2025", "9,490.00 SEK", "249.00 SEK", "L-77", "3 Step IT", "31 Dec 2026"]:  # fmt: skip
        assert told in page


@pytest.mark.parametrize("columns", ["none", "changed", ",".join(COLUMNS)])
def test_the_table_costs_the_same_queries_whatever_its_columns(desk, nils, django_assert_num_queries, columns):
    address = f"/hardware/?columns={columns}"
    a_device(a_person(location=a_location()), leased=True)
    desk.get(address)
    with django_assert_num_queries(9):
        desk.get(address)
    a_device(a_space(), distributor=None)
    a_device(a_person(team=a_team()), leased=True)
    a_view(nils)
    with django_assert_num_queries(9):
        desk.get(address)
