"""A new company's admin is led to the first fleet in four steps, each done when the facts say so."""

import re

import pytest

from assets.importing.models import Import
from tests.assets.making import words
from tests.making import a_device, a_person, an_admin, an_external_distributor
from velory import clock
from velory.journal.models import Entry
from velory.post.models import MailSettings


@pytest.fixture
def nils():
    return an_admin(last_login=clock.now())


@pytest.fixture
def desk(at_their_desk, nils):
    return at_their_desk(nils)


def test_an_empty_company_is_led_and_shown_nothing_that_is_empty(desk):
    text = words(desk.get("/"))
    assert "First steps 0 of 4 done" in text
    assert text.index("Say who writes") < text.index("Name your partners") < text.index("Import your fleet")
    assert text.index("Import your fleet") < text.index("Invite people")
    assert "Fleet by status" not in text
    assert "Put the steps away" not in text


def test_each_step_is_done_when_the_facts_say_so(desk):
    here = MailSettings.to_change()
    here.reply_to = "nils.wikstrom@nordvik.example"
    here.save()
    assert "First steps 1 of 4 done" in words(desk.get("/"))
    an_external_distributor()
    assert "First steps 2 of 4 done" in words(desk.get("/"))
    a_device()
    assert "First steps 3 of 4 done" in words(desk.get("/"))
    a_person(invited_at=clock.now())
    assert "First steps 4 of 4 done" in words(desk.get("/"))


def test_the_first_step_leads_to_where_it_is_done(desk):
    address = re.search(r'href="([^"]+)"[^>]*>(?:<[^>]+>)*\s*Set how the company writes', desk.get("/").text)[1]
    assert 'name="reply_to"' in desk.get(address).text
    assert desk.post(address, {"reply_to": "nils.wikstrom@nordvik.example"}).status_code == 302
    assert "First steps 1 of 4 done" in words(desk.get("/"))


@pytest.mark.parametrize(
    "place",
    ["/mail/identity/", "/mail/planned/", "/settings/", "/partners/", "/partners/new/", "/imports/", "/people/",
     "/people/new/"],
)  # fmt: skip
def test_every_page_that_a_step_leads_to_leads_back_while_one_is_open(desk, place):
    assert "Back to the first steps 0 of 4 done" in words(desk.get(place))


def test_elsewhere_or_with_all_done_or_later_nothing_leads_back(desk, at):
    assert "Back to the first steps" not in words(desk.get("/log/"))
    here = MailSettings.to_change()
    here.reply_to = "nils.wikstrom@nordvik.example"
    here.save()
    an_external_distributor()
    a_device()
    assert "Back to the first steps 3 of 4 done" in words(desk.get("/partners/"))
    a_person(invited_at=clock.now())
    assert "Back to the first steps" not in words(desk.get("/partners/"))


def test_with_a_fleet_they_can_be_put_away_for_good(desk, nils):
    a_device()
    page = desk.get("/")
    assert "Put the steps away" in words(page)
    for _twice in range(2):
        assert desk.post("/first-steps/close/").status_code == 303
    assert "First steps" not in words(desk.get("/"))
    [entry] = Entry.objects.filter(step="close_first_steps")
    assert entry.sentence == "Nils Wikström took the first steps off the overview."


def test_a_company_that_has_been_here_for_long_is_not_led(desk, at):
    a_device()
    assert "First steps" in words(desk.get("/"))
    at("2027-02-22T07:00")
    assert "First steps" not in words(desk.get("/"))


def test_the_example_file_can_be_imported_as_it_is(desk, nils):
    answer = desk.get("/imports/examples.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    an_import = Import.begin(answer.content, "examples.csv", by=nils, at=clock.now())
    an_import.read_on(at=clock.now())
    assert an_import.counts["rows"]["refused"] == 0
    assert an_import.counts["rows"]["created"] == 3


LISTS = [
    "/hardware/", "/hardware/?view=unassigned", "/hardware/?view=archive", "/repairs/", "/repairs/loans/",
    "/trade-ins/", "/people/?view=no-access", "/spaces/", "/locations/", "/teams/", "/renewals/", "/renewals/overdue/",
    "/renewals/returns/", "/renewals/forecast/", "/orders/", "/orders/attention/", "/requests/", "/catalogue/",
    "/budgets/", "/deductions/", "/partners/", "/payments/", "/payments/attention/", "/imports/", "/catalogue/imports/",
    "/mail/", "/mail/refused/", "/log/",
]  # fmt: skip


@pytest.mark.parametrize("address", LISTS)
def test_each_list_of_an_empty_company_says_what_will_stand_there(desk, address):
    page = desk.get(address)
    assert page.status_code == 200
    empty = r'class="grid justify-items-center.*?<h\d[^>]*>([^<]+)</h\d>\s*<div[^>]*>(.+?)</div>'
    said = re.search(empty, page.text, re.DOTALL)
    assert said, f"{address} shows an empty list and says nothing"
    assert len(said[2].split()) > 3


def test_an_employee_without_devices_reads_what_will_stand_there(at_their_desk):
    text = words(at_their_desk(a_person(language="en")).get("/"))
    assert "You have no devices yet What you order, or IT assigns to you, stands here." in text
