"""What is broken, mended, lent and traded in when the demo begins: through the product's own steps."""

from datetime import timedelta
from decimal import Decimal

from django.db import transaction

from assets.lifecycle import Status
from assets.models import Device, Partner
from repairs.loans import lend
from repairs.models import Case
from repairs.outcomes import give_back, tick_release
from velory import clock
from velory.people.models import Person
from velory.tenancy.context import inside

WORKSHOP = "Atea Service"
FAULTS = [
    "The screen is cracked in one corner, since yesterday.",
    "The battery lasts two hours at most.",
    "It does not charge any more, with any cable.",
    "The keyboard drops letters.",
    "The camera shows nothing but black.",
    "Fell into water and does not start.",
]


def break_some(company) -> None:
    """Two faults to look at, two devices in repair and a loan beside one, two cases on record, one device offered to a
    buyer. Doing it twice changes nothing."""
    with inside(company), transaction.atomic():
        if Case.objects.exists():
            return
        at = clock.now()
        admin = Person.objects.admins().working(clock.local_date(at)).order_by("pk").first()
        held = list(_settled(at).exclude(holder=None).order_by("-pk")[: len(FAULTS)])
        for device, fault in zip(held, FAULTS, strict=True):
            device.report_fault(by=device.holder, at=at, fault=fault)
        for device in held[2:]:
            device.start_repair(by=admin, at=at)
        _away(held[2:4], admin, at)
        _on_record(held[4:], admin, at)
        _offered(company, admin, at)


def _settled(at):
    """In use, with nothing to decide for a year: nobody's story elsewhere."""
    later = clock.local_date(at) + timedelta(days=400)
    return Device.objects.filter(status=Status.ACTIVE, renewal_on__gt=later)


def _away(devices, admin, at):
    first, second = (Case.objects.open().get(device=device) for device in devices)
    for case in (first, second):
        case.supplier, case.expected_on = WORKSHOP, clock.local_date(at) + timedelta(days=6)
        case.save(update_fields=["supplier", "expected_on"])
    tick_release(second, by=admin, at=at)
    spare = _settled(at).exclude(space=None).filter(category=second.device.category).first()
    if spare is not None and second.holder is not None:
        lend(spare, second.holder, due_on=clock.local_date(at) + timedelta(days=10), case=second, by=admin, at=at)


def _on_record(devices, admin, at):
    mended, given_up = devices
    case = Case.objects.open().get(device=mended)
    case.supplier, case.cost, case.currency = WORKSHOP, Decimal("1450.00"), mended.currency or "SEK"
    case.warranty = Case.Warranty.NO
    case.save(update_fields=["supplier", "cost", "currency", "warranty"])
    tick_release(case, by=admin, at=at)
    give_back(case, by=admin, at=at)
    given_up.recycle(by=admin, at=at, why=FAULTS[-1])


def _offered(company, admin, at):
    buyer = Partner.objects.exclude(email="").filter(distributes=True).order_by("name").first()
    device = _settled(at).filter(contract=None).exclude(holder=None).order_by("-pk").first()
    if buyer is None or device is None:
        return
    device.send_to_trade_in(
        by=admin, at=at, buyer=buyer.ref, value=Decimal("900.00"), currency=device.currency or company.currency,
        condition={"turns_on": "yes", "screen": "yes", "body": "no", "works": "yes", "unlocked": "yes"},
    )  # fmt: skip
