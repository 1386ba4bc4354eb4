"""The holder starts the process once, in the window, on the external path; the distributor hears of it at once."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import connection

from assets.models import Device
from renewals.models import Reminder
from renewals.sweep import sweep
from tests.making import a_device, a_person, a_space, an_admin, an_external_device, an_external_distributor
from tests.renewals.making import DUE, an_external_device_in_its_window
from velory.agenda import book
from velory.journal.models import Entry
from velory.journal.reason import NotYours, Refused
from velory.post.models import Letter


def told_to_distributors():
    letters = Letter.objects.filter(template__endswith="_to_distributor").order_by("pk")
    return [(letter.template.rpartition("/")[2], letter.to, letter.state) for letter in letters]


def test_the_holder_starts_it_and_the_distributor_hears_at_once():
    ebba = a_person("Ebba", "Bäckman")
    device = an_external_device_in_its_window(ebba)

    device.start_renewal(by=ebba)

    assert Device.objects.get(pk=device.pk).status == "return_pending"
    assert told_to_distributors() == [("started_to_distributor", "service@atea.example", "queued")]
    assert device.journal.filter(step="start_renewal").count() == 1


def test_the_notice_names_the_device_and_how_its_holder_is_reached(at):
    ebba = a_person("Ebba", "Bäckman", phone="+46 70 123 45 67")
    device = an_external_device_in_its_window(ebba)

    device.start_renewal(by=ebba)
    book.dispatch(at=at.moment)

    [letter] = mail.outbox
    assert letter.subject == f"Nordvik Energi AB: renewal of Apple iPhone 15 128 GB {device.serial}"
    for fact in (device.serial, "Ebba Bäckman", ebba.email, "+46 70 123 45 67", "14 December 2026"):
        assert fact in letter.body


def test_the_distributor_is_written_to_in_its_own_language(at):
    device = an_external_device_in_its_window(distributor=an_external_distributor("Elisa", language="sv"))

    device.start_renewal(by=device.holder)

    assert Letter.objects.get(template="renewals/started_to_distributor").language == "sv"


def test_before_its_window_it_says_from_when_on():
    device = an_external_device(a_person(), renewal_on=date(2027, 6, 30))

    with pytest.raises(Refused) as refused:
        device.start_renewal(by=device.holder)

    assert refused.value.reason.text == "You can start the process from 31 May 2027."
    assert refused.value.reason.until == date(2027, 5, 31)
    assert told_to_distributors() == []


def test_the_window_opens_on_its_day_and_stays_open(at):
    ebba = a_person()
    first, late = (
        an_external_device(ebba, renewal_on=date(2026, 12, 22)),
        an_external_device(ebba, renewal_on=date(2026, 1, 1)),
    )
    tomorrow = an_external_device(ebba, renewal_on=date(2026, 12, 23))

    first.start_renewal(by=ebba)
    late.start_renewal(by=ebba)

    with pytest.raises(Refused):
        tomorrow.start_renewal(by=ebba)
    at("2026-11-23T00:01")
    tomorrow.start_renewal(by=ebba)


@pytest.mark.parametrize("facts", [{"leased": True}, {}])
def test_other_paths_do_not_know_this_step(facts, at):
    device = a_device(a_person(), renewal_on=DUE, **facts)

    assert "start_renewal" not in [offer.name for offer in device.offers(device.holder, at=at.moment)]
    with pytest.raises(Refused):
        device.start_renewal(by=device.holder)


def test_a_colleague_may_not_and_an_admin_may_in_the_holders_stead():
    ebba = a_person("Ebba", "Bäckman")
    device = an_external_device_in_its_window(ebba)

    with pytest.raises(NotYours):
        device.start_renewal(by=a_person())
    entry = device.start_renewal(by=an_admin())

    assert entry.sentence == "Nils Wikström for Ebba Bäckman started the renewal process."


def test_cancelling_it_tells_the_distributor_and_opens_the_stage_again(at):
    nils, ebba = an_admin(), a_person()
    device = an_external_device_in_its_window(ebba)
    device.start_renewal(by=ebba)
    book.dispatch(at=at.moment)

    device.withdraw_renewal(by=nils, why="Wrong device")

    assert [(template, state) for template, _to, state in told_to_distributors()] == [
        ("started_to_distributor", "sent"), ("withdrawn_to_distributor", "queued"),
    ]  # fmt: skip
    assert "start_renewal" in [offer.name for offer in device.offers(ebba, at=at.moment)]


def test_cancelling_it_before_the_notice_went_calls_the_notice_off():
    nils, ebba = an_admin(), a_person()
    device = an_external_device_in_its_window(ebba)

    device.start_renewal(by=ebba)
    device.withdraw_renewal(by=nils, why="Wrong device")

    assert [(template, state) for template, _to, state in told_to_distributors()] == [
        ("started_to_distributor", "voided"),
    ]  # fmt: skip


def test_starting_again_tells_the_distributor_again(at):
    nils, ebba = an_admin(), a_person()
    device = an_external_device_in_its_window(ebba)

    device.start_renewal(by=ebba)
    book.dispatch(at=at.moment)
    device.withdraw_renewal(by=nils, why="Wrong device")
    device.start_renewal(by=ebba)

    assert [template for template, _to, _state in told_to_distributors()].count("started_to_distributor") == 2


def test_only_a_started_process_can_be_cancelled(at):
    nils, ebba = an_admin(), a_person()
    device = an_external_device_in_its_window(ebba)

    with pytest.raises(Refused):
        device.withdraw_renewal(by=nils, why="Wrong device")


def test_a_distributor_without_an_address_is_a_task_for_the_admins(at):
    from velory.ui.todos import todos

    an_admin()
    device = an_external_device_in_its_window(distributor=an_external_distributor("Elisa", email=""))

    device.start_renewal(by=device.holder)

    assert told_to_distributors() == []
    assert "distributor_address" in [todo.code for todo in todos(today=at.moment.date())]


def test_a_distributor_that_gets_its_address_late_hears_then_and_once(at, at_their_desk):
    elisa, nils = an_external_distributor("Elisa", email=""), an_admin()
    device = an_external_device_in_its_window(distributor=elisa)
    an_external_device_in_its_window(distributor=elisa)  # not started: nothing to tell
    device.start_renewal(by=device.holder)
    assert told_to_distributors() == []

    desk = at_their_desk(nils)
    for address in ("service@elisa.example", "service@elisa.example", "it@elisa.example"):
        form = desk.get(f"/partners/{elisa.ref}/").context["form"]
        sent = {name: form.initial.get(name) or "" for name in form.fields} | {"email": address}
        assert desk.post(f"/partners/{elisa.ref}/", sent).status_code in {302, 303}

    assert told_to_distributors() == [
        ("started_to_distributor", "service@elisa.example", "voided"),
        ("started_to_distributor", "it@elisa.example", "queued"),
    ]  # fmt: skip


def test_another_distributor_that_it_came_from_hears_when_that_is_corrected(at):
    nils, elisa = an_admin(), an_external_distributor("Elisa", email="service@elisa.example")
    device = an_external_device_in_its_window()
    device.start_renewal(by=device.holder)
    book.dispatch(at=at.moment)

    device.edit(by=nils, facts={"name": "Apple iPhone 15"})
    device.edit(by=nils, facts={"distributor": elisa})

    assert told_to_distributors() == [
        ("started_to_distributor", "service@atea.example", "sent"),
        ("started_to_distributor", "service@elisa.example", "queued"),
    ]  # fmt: skip


def test_of_a_device_in_a_space_the_distributor_writes_to_the_company(at):
    nils = an_admin()
    device = an_external_device(a_space("Reception"), renewal_on=DUE, by=nils)
    device.start_renewal(by=nils)
    book.dispatch(at=at.moment)

    [letter] = [sent for sent in mail.outbox if sent.to == ["Atea <service@atea.example>"]]
    said = " ".join(letter.body.split())
    assert "please write to the contact below" in said
    assert "holder" not in said.lower()
    assert "Space: Reception" in letter.body
    assert f"Contact at the company: Nils Wikström {nils.email}" in letter.body


def test_the_whole_external_path_ends_in_the_archive(at):
    nils, ebba = an_admin(), a_person("Ebba", "Bäckman")
    device = an_external_device_in_its_window(ebba)
    sweep(at("2026-11-22T08:00"))

    device.start_renewal(by=ebba)
    device.confirm_return(by=nils, outcome="bought", note="Ebba paid Atea.")
    device.release(by=nils)

    device = Device.objects.get(pk=device.pk)
    assert (device.status, device.holder, device.last_holder, device.return_outcome) == (
        "removed",
        None,
        ebba,
        "bought",
    )
    assert [row.state for row in Reminder.objects.of(device)] == ["sent"]
    assert [entry.sentence for entry in device.journal] == [
        "Nils Wikström registered it. Ebba Bäckman",
        "Ebba Bäckman started the renewal process.",
        "Nils Wikström confirmed the return.",
        "Nils Wikström marked it as released from all company systems.",
    ]


# At the keyboard


def press(browser, device, version):
    return browser.post(f"/devices/{device.ref}/start_renewal/", {"version": version})


def test_a_colleague_and_nobody_are_shown_the_door(client, at_their_desk):
    device = an_external_device_in_its_window()

    assert press(at_their_desk(a_person()), device, device.version).status_code == 404
    client.defaults["HTTP_HOST"] = "nordvik.localhost"
    assert press(client, device, device.version).url.startswith("/account/login/")
    assert Device.objects.get(pk=device.pk).status == "active"


@pytest.mark.races
def test_sixteen_presses_at_once_start_it_once(at_their_desk, race_company):
    ebba = a_person("Ebba", "Bäckman")
    device = an_external_device_in_its_window(ebba)
    browsers = [at_their_desk(ebba, host="race.localhost") for _ in range(16)]
    together, answers = Barrier(16), []

    def go(browser):
        connection.set_tenant(race_company)
        together.wait()
        answers.append(press(browser, device, device.version).status_code)
        connection.close()

    threads = [Thread(target=go, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [303, *[409] * 15]
    assert Entry.objects.about(device).filter(step="start_renewal").count() == 1
    assert len(told_to_distributors()) == 1
