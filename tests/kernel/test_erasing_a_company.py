"""A company goes for good: two people decide, everything is exported first, it closes, it waits thirty days; then
nothing of it is left, nothing of another is touched, and nobody opens at its address for a year (reliability R86)."""

import hashlib
import json
import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from tests.conftest import Browser
from tests.making import a_device, a_person, an_admin
from velory.agenda import book
from velory.agenda.models import Due
from velory.archive.models import Archive
from velory.erasing import deeds, dropping
from velory.erasing.models import Erasure, KeptHost, Tombstone
from velory.journal.models import Entry
from velory.journal.reason import Refused
from velory.operators.changing import resume_company
from velory.operators.models import OperatorDeed
from velory.payments.inbox.models import Event, OwnAccount, Route
from velory.post.models import Letter
from velory.tenancy.context import inside, outside
from velory.tenancy.models import Company
from velory.tenancy.opening import check_host, open_company
from velory.tenancy.routing import forget_hosts

CANARY = "Kanariefågel"
WHY = "They have ended their contract"


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    """Files of a test go with it."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def second(ops):
    """Another operator."""
    with inside(ops):
        return an_admin(first_name="Second", last_name="Operator", email="second@velory.example")


def fill(company, word, at):
    """Something of a company in every place where something can be: tables, files, cache, agenda, Stripe, letters."""
    with inside(company):
        admin = an_admin(first_name=word, email=f"admin.{word.lower()}@{company.slug}.example")
        a_device(a_person(word, word, email=f"{word.lower()}@{company.slug}.example"), by=admin)
        default_storage.save(f"labels/{word}.pdf", ContentFile(word.encode()))
        cache.set("of the company", word)
        book.put("renewals.sweep", word[:40], at + timedelta(days=1))
    with outside():
        Route.objects.create(object_id=f"cs_{company.slug}", company=company, attempt=uuid.uuid4())
        OwnAccount.objects.create(account=f"acct_{company.slug}", company=company)
        for number, (account, about) in enumerate([("", f"cs_{company.slug}"), (f"acct_{company.slug}", "py_1")]):
            Event.objects.create(
                id=f"evt_{company.slug}_{number}", account=account, livemode=False, type="charge.succeeded",
                object_id=about, raw=word, received_at=at, due_at=at, state="done",
            )  # fmt: skip
    return admin


def asked(company, ops, operator, at):
    with inside(ops):
        return deeds.ask(company, reason=WHY, by=operator, at=at)


def run_to(at, moment):
    """Let happen what happens by itself until a moment: the companies' agendas and the operators'."""
    at(moment)
    for _round in range(6):
        with outside():
            book.dispatch(at=moment, apart_too=True)


def of(erasure):
    with outside():
        return Erasure.objects.select_related("company").get(pk=erasure.pk)


@pytest.fixture
def confirmed(saimaa, ops, operator, second, at):
    """The erasing of Saimaa, asked for by one operator and confirmed by another."""
    fill(saimaa, CANARY, at.moment)
    erasure = asked(saimaa, ops, operator, at.moment)
    with inside(ops):
        deeds.confirm(erasure, by=second, at=at.moment, operator=True)
    return erasure


@pytest.fixture
def quarantined(confirmed, at):
    """... closed a week later."""
    run_to(at, at.moment)
    run_to(at, at.moment + timedelta(days=7))
    return of(confirmed)


def everything():
    """Every row of every table in every schema as text, as a dump would have it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
            " AND table_schema NOT IN ('pg_catalog', 'information_schema')"
        )
        for schema, table in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{schema}"."{table}" t')
            yield from ((schema, table, row) for (row,) in cursor.fetchall())


def digest_of(schema):
    """A digest of a whole schema: what changes in it changes this."""
    rows = sorted((table, row) for its, table, row in everything() if its == schema)
    return hashlib.sha256(repr(rows).encode()).hexdigest()


# Two people


def test_one_person_does_not_do_it_alone(saimaa, ops, operator, second, at):
    erasure = asked(saimaa, ops, operator, at.moment)
    with inside(ops), pytest.raises(Refused, match="somebody else has to confirm"):
        deeds.confirm(erasure, by=operator, at=at.moment, operator=True)
    assert of(erasure).state == "asked"
    assert of(erasure).company.state == "ready"

    with inside(ops):
        deeds.confirm(erasure, by=second, at=at.moment, operator=True)
        with pytest.raises(Refused):
            deeds.confirm(erasure, by=second, at=at.moment, operator=True)
    assert of(erasure).closes_at == at.moment + timedelta(days=7)


def test_an_admin_of_the_company_is_a_second_person_too(saimaa, ops, operator, at, at_their_desk):
    with inside(saimaa):
        admin = an_admin()
        employee = a_person()
        desk, other = at_their_desk(admin, "saimaa.localhost"), at_their_desk(employee, "saimaa.localhost")
    assert desk.get("/settings/erasing/").status_code == 404
    erasure = asked(saimaa, ops, operator, at.moment)
    with inside(saimaa):
        assert [letter.person for letter in Letter.objects.of_template("erasing/asked")] == [admin]
    assert other.post("/settings/erasing/confirm/").status_code == 403
    assert WHY in desk.get("/settings/erasing/").text
    assert desk.post("/settings/erasing/confirm/").status_code == 303
    assert of(erasure).state == "confirmed"
    with inside(saimaa):
        assert "confirmed that the company is erased" in str(Entry.objects.filter(step="confirm").get())
    with outside():
        assert "Nils" not in str(OperatorDeed.objects.filter(deed="admin_confirms_erasing").values().get())


def test_an_operator_who_is_an_admin_there_too_is_one_person(saimaa, ops, operator, at, at_their_desk):
    with inside(saimaa):
        twin = at_their_desk(an_admin(email=operator.email), "saimaa.localhost")
        colleague = at_their_desk(an_admin(), "saimaa.localhost")
    erasure = asked(saimaa, ops, operator, at.moment)
    assert twin.post("/settings/erasing/confirm/").status_code == 409
    assert of(erasure).state == "asked"
    assert colleague.post("/settings/erasing/confirm/").status_code == 303


def test_there_is_one_at_a_time_and_never_the_operators_own(saimaa, ops, operator, at):
    asked(saimaa, ops, operator, at.moment)
    with pytest.raises(Refused):
        asked(saimaa, ops, operator, at.moment)
    with pytest.raises(Refused):
        asked(ops, ops, operator, at.moment)


# The week, the quarantine


def test_everybody_is_told_and_everything_is_exported_before_it_closes(confirmed, saimaa, at):
    run_to(at, at.moment)
    with inside(saimaa):
        assert Letter.objects.of_template("erasing/closing").count() == 2
        archive = Archive.objects.get()
        assert archive.state == "ready"
        assert "Velory Operator" in str(Entry.objects.about(archive).first())
    assert Browser(HTTP_HOST="saimaa.localhost").get("/account/login/").status_code == 200


def test_it_does_not_close_without_an_export(confirmed, saimaa, at, monkeypatch):
    from velory.erasing import agenda

    monkeypatch.setattr(agenda, "_is_exported", lambda erasure, at: False)
    run_to(at, at.moment + timedelta(days=7))
    assert of(confirmed).state == "confirmed"
    assert Browser(HTTP_HOST="saimaa.localhost").get("/account/login/").status_code == 200


def test_then_it_is_closed_and_its_admins_read_until_when(quarantined, ops, at):
    assert quarantined.state == "quarantine"
    assert quarantined.erases_at == at.moment + timedelta(days=30)
    forget_hosts()
    assert Browser(HTTP_HOST="saimaa.localhost").get("/account/login/").status_code == 503
    with inside(ops):
        assert Letter.objects.of_template("erasing/closed").get().to == f"admin.{CANARY.lower()}@saimaa.example"
    run_to(at, at.moment + timedelta(days=23))
    with inside(ops):
        assert Letter.objects.of_template("erasing/soon").count() == 1


def test_a_suspended_company_is_exported_and_closed_too(saimaa, ops, operator, second, at):
    with outside():
        Company.objects.filter(pk=saimaa.pk).update(state="suspended")
    saimaa = Company.objects.get(pk=saimaa.pk)
    erasure = asked(saimaa, ops, operator, at.moment)
    with inside(ops):
        deeds.confirm(erasure, by=second, at=at.moment, operator=True)
    run_to(at, at.moment)
    assert of(erasure).state == "quarantine"
    with inside(saimaa):
        assert Archive.objects.get().state == "ready"


@pytest.mark.parametrize("days", [0, 3, 29])
def test_it_can_be_called_off_and_everything_is_as_it_was(quarantined, ops, second, saimaa, at, days):
    run_to(at, at.moment + timedelta(days=days))
    with inside(ops):
        deeds.call_off(quarantined, by=second, at=at.moment, operator=True)
        assert Letter.objects.of_template("erasing/called_off").count() == 1
    forget_hosts()
    assert Browser(HTTP_HOST="saimaa.localhost").get("/account/login/").status_code == 200
    run_to(at, at.moment + timedelta(days=60))
    assert of(quarantined).state == "called_off"
    assert Company.objects.get(pk=saimaa.pk).state == "ready"


def test_opening_it_again_calls_it_off(quarantined, ops, operator, saimaa, at):
    with inside(ops):
        resume_company(Company.objects.get(pk=saimaa.pk), by=operator, at=at.moment)
    run_to(at, at.moment + timedelta(days=30))
    assert of(quarantined).state == "called_off"
    assert Company.objects.get(pk=saimaa.pk).state == "ready"


# The end


def test_nothing_of_it_is_left_and_nothing_of_another_is_touched(
    quarantined, nordvik, ops, saimaa, at, settings, monkeypatch
):
    fill(nordvik, "Koltrast", at.moment)
    ours = digest_of("c_nordvik")
    monkeypatch.setattr(book, "_claim", lambda when, most, company: only_of(ops, when))
    run_to(at, at.moment + timedelta(days=30, seconds=-1))
    assert CANARY in repr(list(everything()))
    run_to(at, at.moment + timedelta(seconds=1))

    assert not Company.objects.filter(slug="saimaa").exists()
    left = [(schema, table, row) for schema, table, row in everything() if CANARY.lower() in row.lower()]
    assert left == []
    assert [row for schema, table, row in everything() if "saimaa.example" in row] == []
    assert digest_of("c_nordvik") == ours
    assert not (settings.MEDIA_ROOT / str(saimaa.uuid)).exists()
    with inside(nordvik):
        assert cache.get("of the company") == "Koltrast"
        assert default_storage.exists("labels/Koltrast.pdf")
    with inside(saimaa):
        assert cache.get("of the company") is None
    with outside():
        assert not Due.objects.filter(company_id=saimaa.pk).exists()
        assert list(Event.objects.values_list("id", flat=True).order_by("id")) == ["evt_nordvik_0", "evt_nordvik_1"]
        assert Route.objects.get().company_id == nordvik.pk
        assert not Erasure.objects.exists()


def only_of(company, when):
    """What a dispatcher claims, of the operators' agenda alone: the neighbour has a life of its own."""
    with outside():
        rows = list(Due.objects.filter(company=company, due_at__lte=when, parked_at=None, kind__startswith="erasing."))
        for row in rows:
            row.attempts += 1
            Due.objects.filter(pk=row.pk).update(attempts=row.attempts)
    return rows


def test_what_is_left_is_a_stone_without_a_name(quarantined, saimaa, at):
    run_to(at, at.moment + timedelta(days=30))
    stone = Tombstone.objects.get()
    facts = [
        saimaa.name, "saimaa", ["saimaa.localhost"], saimaa.opened_at.isoformat(), "Velory Operator", "Second Operator",
    ]  # fmt: skip
    assert stone.company_uuid == saimaa.uuid
    assert stone.digest == hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()
    assert stone.erased_at - stone.asked_at >= timedelta(days=37)


def test_nobody_opens_at_its_address_for_a_year(quarantined, at):
    run_to(at, at.moment + timedelta(days=30))
    known = {"domain": "other.localhost", "country": "FI"}
    for change in ({"slug": "saimaa"}, {"slug": "other", "domain": "saimaa.localhost"}):
        with pytest.raises(ValidationError, match="erased"):
            open_company("Another Oy", **known | change)
    with pytest.raises(ValidationError, match="erased"):
        check_host("saimaa.localhost", "nordvik")
    at(at.moment + timedelta(days=364))
    assert KeptHost.is_kept("saimaa.localhost", at=at.moment)
    at(at.moment + timedelta(days=1))
    assert not KeptHost.is_kept("saimaa.localhost", at=at.moment)


def test_an_old_link_and_an_old_cookie_get_nothing_at_a_new_company_of_that_name(saimaa, ops, operator, second, at):
    from tests.conftest import SAIMAA

    with inside(saimaa):
        browser = Browser(HTTP_HOST="saimaa.localhost")
        browser.force_login(an_admin(), backend="velory.people.backends.PersonBackend")
    assert browser.get("/people/").status_code == 200
    erasure = asked(saimaa, ops, operator, at.moment)
    with inside(ops):
        deeds.confirm(erasure, by=second, at=at.moment, operator=True)
    for days in (0, 7, 30):
        run_to(at, at.moment + timedelta(days=days))
    forget_hosts()
    assert browser.get("/people/").status_code == 404

    at(at.moment + timedelta(days=366))
    with outside():
        again = open_company(**SAIMAA)
    assert again.uuid != saimaa.uuid
    answer = browser.get("/people/")
    assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/account/login/")


class Killed(BaseException):
    """As by kill -9."""


@pytest.mark.parametrize("place", ["ERASE.after_files", "ERASE.after_letters", "ERASE.before_commit"])
def test_cut_off_anywhere_it_goes_on_and_nobody_gets_in_meanwhile(quarantined, ops, saimaa, at, monkeypatch, place):
    def crash(here):
        if here == place:
            raise Killed

    at(at.moment + timedelta(days=30))
    monkeypatch.setattr(dropping, "crash", crash)
    assert deeds.begin_to_erase(quarantined)
    with inside(ops), pytest.raises(Killed):
        dropping.drop(of(quarantined), at=at.moment)
    monkeypatch.undo()
    forget_hosts()
    assert Browser(HTTP_HOST="saimaa.localhost").get("/account/login/").status_code == 404
    with inside(ops), pytest.raises(Refused):
        deeds.call_off(quarantined, by=an_admin(), at=at.moment, operator=True)

    at(at.moment)
    with inside(ops):
        dropping.drop(of(quarantined), at=at.moment)
    assert not Company.objects.filter(slug="saimaa").exists()
    assert Tombstone.objects.count() == 1


# In the console


def test_in_the_console(saimaa, ops, operator, second, at_their_desk):
    with inside(ops):
        one, other = at_their_desk(operator, ops.host), at_their_desk(second, ops.host)
    assert "Ask to erase it" in one.get("/companies/saimaa/").text
    assert one.post("/companies/saimaa/erase/", {"reason": WHY, "slug": "nordvik"}).status_code == 422
    assert one.post("/companies/saimaa/erase/", {"reason": WHY, "slug": "saimaa"}).status_code == 303
    assert "Confirm the erasing" not in one.get("/companies/saimaa/").text
    assert one.post("/companies/saimaa/erase/confirm/").status_code == 409
    assert "Confirm the erasing" in other.get("/companies/saimaa/").text
    assert other.post("/companies/saimaa/erase/confirm/").status_code == 303
    assert other.post("/companies/saimaa/erase/call_off/").status_code == 303
    assert one.post("/companies/saimaa/export/").status_code == 303
    with outside():
        assert Erasure.objects.get().state == "called_off"
    with inside(saimaa):
        assert Archive.objects.get().by_operator


def test_at_a_company_the_console_s_addresses_do_not_exist(at_their_desk):
    desk = at_their_desk(an_admin())
    for path in ("erase/", "erase/confirm/", "erase/call_off/", "export/"):
        assert desk.post(f"/companies/saimaa/{path}").status_code == 404
