"""Every status, every step, every role: each has an outcome, and it is the one that the product's rules state."""

from datetime import date

import pytest
from django.db import transaction

from assets.lifecycle import ARCHIVED, Status
from assets.models import Device
from tests.making import a_device, a_lessor, a_person, an_admin, an_integrated_distributor
from velory import clock
from velory.journal.lifelines import as_data
from velory.journal.reason import NotYours, Refused
from velory.journal.steps import entry_for, steps_of

FIVE = ["ordered", "not_started", "on_hold", "preparing", "backordered"]
PRELIMINARY = ["preliminary_buyout", "preliminary_return"]
HOLDER, ADMIN, PARTNER, SYSTEM = "holder", "admin", "partner", "system"

# The table of the product's rules, row for row: step, button, from, to, who
TABLE = [
    ("report_not_started", "", FIVE, ["not_started"], {PARTNER, ADMIN}),
    ("hold", "", FIVE, ["on_hold"], {PARTNER, ADMIN}),
    ("prepare", "", FIVE, ["preparing"], {PARTNER, ADMIN}),
    ("backorder", "", FIVE, ["backordered"], {PARTNER, ADMIN}),
    ("ship", "", FIVE, ["shipped"], {PARTNER, ADMIN}),
    ("deliver", "", [*FIVE, "shipped"], ["delivered"], {PARTNER, ADMIN}),
    ("receive", "Mark as received", ["shipped", "delivered"], ["received"], {HOLDER, ADMIN, SYSTEM}),
    ("put_in_use", "", ["received"], ["active"], {SYSTEM}),
    ("cancel", "Cancel order", FIVE, ["cancelled"], {PARTNER, ADMIN}),
    ("start_renewal", "Start the process", ["active"], ["return_pending"], {HOLDER, ADMIN}),
    ("withdraw_renewal", "Cancel the process", ["return_pending"], ["active"], {ADMIN}),
    ("prefer_buyout", "Buy out", ["active", "preliminary_return"], ["preliminary_buyout"], {HOLDER, ADMIN}),
    ("prefer_return", "Return", ["active", "preliminary_buyout"], ["preliminary_return"], {HOLDER, ADMIN}),
    ("choose_return", "Return device", ["active", *PRELIMINARY], ["to_return", "return_pending"], {HOLDER, ADMIN}),
    ("start_buyout", "Buy out device", ["active", *PRELIMINARY], ["pending_buyout"], {HOLDER}),
    ("abandon_buyout", "", ["pending_buyout"], ["active", *PRELIMINARY], {HOLDER, SYSTEM}),
    ("complete_buyout", "", ["pending_buyout"], ["bought_by_employee"], {SYSTEM}),
    ("keep", "Keep device", ["active"], ["active"], {HOLDER, ADMIN, SYSTEM}),
    ("begin_return", "", ["return_pending"], ["to_return"], {SYSTEM}),
    ("confirm_return", "Confirm return", ["return_pending", "to_return"], ["returned"], {ADMIN, PARTNER}),
    ("release", "Mark as released", ["returned"], ["removed"], {ADMIN, PARTNER}),
    ("release_bought", "Mark as released", ["bought_by_employee"], ["bought_out"], {ADMIN}),
    ("report_fault", "", ["active", *PRELIMINARY], ["needs_repair"], {HOLDER, ADMIN}),
    ("start_repair", "Move to “In repair”", ["needs_repair"], ["in_repair"], {ADMIN}),
    ("dismiss_fault", "Revert to “Not in repair”", ["needs_repair"], ["active", *PRELIMINARY], {ADMIN}),
    ("finish_repair", "Not in repair", ["in_repair"], ["active"], {ADMIN}),
    ("recycle", "Remove device", ["in_repair"], ["recycled"], {ADMIN}),
    ("send_to_trade_in", "Trade in", ["active", "returned"], ["trade_in"], {ADMIN}),
    ("complete_trade_in", "Mark as traded in", ["trade_in"], ["traded_in"], {ADMIN}),
    ("withdraw_trade_in", "Withdraw trade in", ["trade_in"], ["active", "returned"], {ADMIN}),
    (
        "remove", "Remove device",
        ["received", "active", *PRELIMINARY, "needs_repair", "return_pending", "to_return", "returned"],
        ["removed"], {ADMIN},
    ),
    ("restore", "Restore device", ["removed", "recycled"], ["active"], {ADMIN}),
]  # fmt: skip

STATUSES = [
    ("ordered", "Ordered", "Beställd", "delivery"),
    ("not_started", "Not started", "Ej påbörjad", "delivery"),
    ("on_hold", "On hold", "Pausad", "delivery"),
    ("preparing", "Preparing", "Förbereds", "delivery"),
    ("backordered", "Backordered", "Restnoterad", "delivery"),
    ("shipped", "Shipped", "Skickad", "delivery"),
    ("delivered", "Delivered", "Levererad", "delivery"),
    ("received", "Received", "Mottagen", "delivery"),
    ("cancelled", "Cancelled", "Avbruten", "archived"),
    ("active", "Active", "Aktiv", "in use"),
    ("preliminary_buyout", "Active - preliminary buyout", "Aktiv - preliminärt utköp", "in use"),
    ("preliminary_return", "Active - preliminary return", "Aktiv - preliminär återlämning", "in use"),
    ("pending_buyout", "Pending employee buyout", "Väntar på anställds utköp", "in use"),
    ("bought_by_employee", "Active - bought by employee", "Aktiv - köpt av anställd", "leaving"),
    ("to_return", "Active - to be returned", "Aktiv - ska återlämnas", "leaving"),
    ("return_pending", "Return pending", "Återlämning pågår", "leaving"),
    ("returned", "Returned - awaiting release", "Återlämnad - väntar på avregistrering", "leaving"),
    ("needs_repair", "Active - needs repair", "Aktiv - behöver repareras", "in use"),
    ("in_repair", "In repair", "På reparation", "repair"),
    ("trade_in", "Processed for trade in", "Behandlas för inbyte", "leaving"),
    ("traded_in", "Traded in", "Inbytt", "archived"),
    ("bought_out", "Bought out by employee", "Köpt av anställd", "archived"),
    ("recycled", "Recycled", "Återvunnen", "archived"),
    ("removed", "Removed", "Borttagen", "archived"),
]


def test_the_statuses_are_the_contract_s():
    told = as_data()["device"]["states"]
    assert [(s["code"], s["label_en"], s["label_sv"], s["phase"]) for s in told] == STATUSES


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_a_step_is_declared_as_the_rules_have_it(row):
    name, button, sources, targets, who = row
    told = {step["name"]: step for step in as_data()["device"]["steps"]}[name]
    assert told["label_en"] == button
    assert set(told["from"]) == set(sources)
    assert set(told["to"]) == set(targets)
    assert set(told["who"]) == who


def test_no_step_is_declared_that_the_rules_do_not_have():
    told = as_data()["device"]
    assert [step["name"] for step in told["steps"]] == [row[0] for row in TABLE]
    assert [deed["name"] for deed in told["deeds"]] == ["assign", "unassign", "set_payor", "edit"]


# Every cell

# What a plain device (bought from Dustin, renewed in 2028, with a holder, nothing under way) answers to a step
# that role and status allow: taken, or the code of the reason
PLAIN = {
    "start_renewal": "other_path", "withdraw_renewal": "not_started", "keep": "window",
    "prefer_buyout": "other_path", "prefer_return": "other_path", "choose_return": "window", "start_buyout": "window",
    "complete_buyout": "not_paid", "begin_return": "no_replacement",
    "start_repair": "no_case", "dismiss_fault": "no_case", "finish_repair": "no_case",
    "send_to_trade_in": "no_buyer", "complete_trade_in": "no_value",
}  # fmt: skip
DETAILS = {
    "withdraw_renewal": {"why": "By mistake"}, "remove": {"why": "Lost"}, "recycle": {"why": "Broken"},
    "receive": {"imei": "354402685995284"}, "set_payor": {"payor": "company"},
}  # fmt: skip
DEEDS = {"assign": {ADMIN}, "unassign": {ADMIN, SYSTEM}, "set_payor": {ADMIN}, "edit": {ADMIN}}


def a_device_in(status, holder):
    """A device as an order or an import would have brought it there, with its first entry."""
    facts = {"holder": holder, "payor": "company"}
    if status in ARCHIVED or status == Status.IN_REPAIR:
        facts = {}
    maker = a_device(renewal_on=date(2028, 1, 31))
    device = Device.objects.create(
        status=status, version=1, name="Apple iPhone 15 128 GB", category=maker.category, serial=f"SER-{status}",
        distributor=an_integrated_distributor(), renewal_on=date(2028, 1, 31), registered_at=clock.now(), **facts,
    )  # fmt: skip
    entry_for(device, "register", by=None, role="system", at=clock.now()).save(force_insert=True)
    if device.whose:
        device.holdings.create(person=holder, from_at=clock.now())
    return device


def outcome(device, name, by, details):
    """What a step answers, undone again."""
    try:
        with transaction.atomic():
            getattr(Device.objects.get(pk=device.pk), name)(by=by, **details)
            raise _Back
    except _Back:
        return "taken"
    except NotYours:
        return "not yours"
    except Refused as refused:
        return refused.reason.code


class _Back(Exception):
    """Undo what was just done."""


def expected(status, name, role):
    row = next((row for row in TABLE if row[0] == name), None)
    who = row[4] if row else DEEDS[name]
    sources = row[2] if row else [str(source) for source in steps_of(Device)[name].sources]
    nobody_has_it = status in ARCHIVED or status == "in_repair"
    if (
        role not in who
        or (role == HOLDER and nobody_has_it)
        or (role == PARTNER and name in {"confirm_return", "release"})
    ):
        return "not yours"  # the plain device is not leased: its distributor confirms nothing
    if status not in sources:
        return "status"
    return PLAIN.get(name, "taken")


@pytest.mark.parametrize("status", Status.values)
def test_every_step_in_every_role_answers_as_stated(status):
    holder = a_person("Ebba", "Sjöberg")
    device = a_device_in(status, holder)
    roles = {HOLDER: holder, ADMIN: an_admin(), PARTNER: device.distributor, SYSTEM: None}
    to = a_person("Chidi", "Nyström")

    cells = {
        (name, role): outcome(device, name, by, DETAILS.get(name, {"to": to} if name == "assign" else {}))
        for name in steps_of(Device)
        for role, by in roles.items()
    }

    assert cells == {(name, role): expected(status, name, role) for name, role in cells}
    assert len(cells) == (len(TABLE) + len(DEEDS)) * len(roles)
    assert Device.objects.get(pk=device.pk).version == 1


def test_the_leasing_provider_confirms_and_releases_what_it_leases_out():
    holder, lessor = a_person("Ebba", "Sjöberg"), a_lessor()
    device = a_device_in("to_return", holder)
    from assets.models import Contract

    Contract.objects.create(device=device, provider=lessor, currency="SEK")
    assert outcome(device, "confirm_return", lessor, {}) == "taken"
    assert outcome(device, "confirm_return", device.distributor, {}) == "not yours"
    Device.objects.get(pk=device.pk).confirm_return(by=lessor)
    assert outcome(device, "release", lessor, {}) == "taken"


@pytest.mark.parametrize(("before", "back"), [("active", "active"), ("preliminary_return", "preliminary_return")])
def test_what_goes_aside_comes_back_to_where_it_was(before, back):
    device = a_device_in(before, a_person("Ebba", "Sjöberg"))
    device.report_fault(by=device.holder, fault="It is wet")
    assert steps_of(Device)["dismiss_fault"].to.where(device) == back
