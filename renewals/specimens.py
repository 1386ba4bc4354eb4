"""Specimens of letters about renewals, returns and buy-outs."""

from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from renewals.asks import ask_about
from renewals.choices.letters import Told
from renewals.stages import Stage
from renewals.sums import Line
from velory import clock
from velory.post.specimens import Thing, specimen
from velory.ui.money import money
from velory.ui.todos import Todo

LINK = "https://velory.example/devices/preview/"
PRICE, CURRENCY = Decimal("1667.25"), "SEK"


def _device(name="iPhone 15, 128 GB", days=22):
    return Thing(
        name, name=name, serial="F2LXQ7K4M9", imei="", number="", category=_("Phones"), distributor_id=1,
        distributor=Thing("Atea", name="Atea"), renewal_on=clock.today() + timedelta(days=days), space="",
        whose=_holder(), get_status_display=_("Active"),
    )  # fmt: skip


def _holder():
    return Thing("Karin Ström", get_full_name="Karin Ström", email="karin.strom@nordvik.example", phone="")


def _entry(stage, device=None):
    device = device or _device()
    entry = {
        "device": device, "stage": stage.value, "renewal_on": device.renewal_on, "final_on": device.renewal_on,
        "ask": ask_about(device, device.renewal_on, stage, clock.today()), "why": "", "whose": _holder(), "url": LINK,
    }  # fmt: skip
    if stage == Stage.EXTERNAL_30_DAYS:
        return entry
    choices = [
        Told(_("Buy-out: %(price)s including VAT") % {"price": money(PRICE, CURRENCY)}, _("You pay by card."), ""),
        Told(_("Return: costs you nothing"), _("The device goes back."), ""),
    ]
    options = Thing(left_out=[], is_final=stage != Stage.LEASED_3_MONTHS)
    return entry | {"options": options, "choices": choices, "preliminary": "", "without_answer": ""}


def _reminder(stage):
    @specimen(f"renewals/{stage.value}", device="entry.device.name", day="entry.renewal_on")
    def a_reminder():
        """Of one device."""
        entry = _entry(stage)
        return {"entries": [entry], "told": [], "entry": entry}

    return a_reminder


for _stage in Stage:
    _reminder(_stage)


@specimen("renewals/several")
def a_reminder_of_several():
    """Two devices of one holder."""
    entries = [_entry(Stage.EXTERNAL_30_DAYS), _entry(Stage.LEASED_1_MONTH, _device("ThinkPad T14", 8))]
    return {"entries": entries, "told": [], "entry": entries[0]}


@specimen(
    "renewals/started_to_distributor", "renewals/withdrawn_to_distributor", to_partner=True,
    device="device.name", holder="holder", day="device.renewal_on",
)  # fmt: skip
def a_renewal_that_was_started():
    """And, in the other letter, cancelled."""
    return {"device": _device(), "holder": _holder()}


def _returning(**facts):
    device = _device()
    returning = Thing(is_leased=True, label="label.pdf", time_to_return_at=None, replacement="", device=device)
    return {
        "returning": returning, "device": device, "contract": Thing(number="L-2024-118"), "holder": _holder(),
        "place": Thing(_("Headquarters"), address=""), "url": LINK, "promised_by": clock.now() + timedelta(days=1),
        "provider": Thing("3 Step IT", name="3 Step IT"), "is_holder": True, "attached": True, "at_once": False,
    } | facts  # fmt: skip


@specimen("renewals/return_chosen", "renewals/return_reminder", to_partner=True, device="device.name", holder="holder")
def a_return():
    """Chosen by its holder."""
    return _returning()


@specimen("renewals/return_called_off", to_partner=True, device="device.name")
def a_return_that_is_called_off():
    """Its holder is not named any more."""
    return _returning()


@specimen("renewals/return_label", "renewals/time_to_return", device="device.name", provider="provider")
def a_label():
    """It has come; and the old device goes back."""
    return _returning()


@specimen("renewals/bought", device="device.name", seller="seller", day="paid_on")
def a_buyout():
    """Paid by card."""
    lines = [
        Line(_("VAT"), "25 %", money(Decimal("333.45"), CURRENCY)),
        Line(_("To pay"), "", money(PRICE, CURRENCY), "total"),
    ]
    attempt = Thing(ref="P-4KX29", amount=PRICE, currency=CURRENCY)
    return {
        "device": _device(), "attempt": attempt, "sum": Thing(lines=lines),
        "seller": "3 Step IT", "paid_on": clock.today(), "url": LINK, "gate": Thing(is_open=True, reasons=[]),
        "leaves": False,
    }  # fmt: skip


@specimen("renewals/released_to_you", device="device.name")
def a_device_of_ones_own():
    """Released to its buyer."""
    return {"device": _device()}


@specimen("renewals/money_back", "renewals/money_back_to_admins", device="device.name", seller="seller")
def money_that_goes_back():
    """It was paid too late."""
    return {
        "device": _device(), "attempt": Thing(ref="P-4KX29", currency=CURRENCY), "amount": PRICE, "cause": "too_late",
        "seller": "3 Step IT", "url": LINK, "payer": _holder(), "is_bought": False,
    }  # fmt: skip


@specimen("renewals/buyout_summary", month="summary.month")
def a_month():
    """One buy-out in it."""
    purchase = {
        "on": clock.today(), "device": _device(), "buyer": _holder(), "seller": "3 Step IT", "payment": "P-4KX29",
        "amount": PRICE, "currency": CURRENCY, "vat": Decimal("333.45"),
    }  # fmt: skip
    total = Thing(currency=CURRENCY, bought=PRICE, vat=Decimal("333.45"), back=Decimal(0), kept=PRICE)
    month = clock.today().replace(day=1)
    return {"summary": Thing(month=month, purchases=[purchase], movements=[], totals=[total])}


@specimen("renewals/weekly_digest", number="number", until="until")
def a_week():
    """Something to do, and a renewal."""
    todo = Todo("unassigned", 3, _("Unassigned"), _("Assign each to a person or a space"), LINK)
    coming = Thing(device=_device(), path=_("External"), url=LINK)
    return {
        "todos": [(todo, LINK)], "coming": [coming], "number": 1, "more": 0, "overview": LINK, "forecast": LINK,
        "until": clock.today() + timedelta(days=30), "settings": LINK,
    }  # fmt: skip
