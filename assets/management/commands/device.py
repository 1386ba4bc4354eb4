"""Everything that is known of one device: for support, and for checks from outside."""

import json

from django.core.management.base import BaseCommand, CommandError

from assets.beside import beside
from assets.models import Device
from velory import clock
from velory.journal.steps import offers, steps_of
from velory.people.models import Person
from velory.tenancy.context import inside
from velory.tenancy.models import Company


class Command(BaseCommand):
    help = "Prints one device, found by its reference, the company's own number or the serial number."

    def add_arguments(self, parser):
        parser.add_argument("ref")
        parser.add_argument("--company", required=True)
        parser.add_argument("--json", action="store_true")

    def handle(self, *, ref, company, json: bool = False, **options):
        found = Company.objects.filter(slug=company).first()
        if found is None:
            raise CommandError(f"There is no company called {company}.")
        with inside(found):
            device = Device.objects.called(ref).with_what_a_list_shows().first()
            if device is None:
                raise CommandError(f"{company} has no device {ref}.")
            self.stdout.write(as_json(device) if json else as_text(device))


def as_json(device) -> str:
    return json.dumps(facts(device), ensure_ascii=False, indent=2)


def as_text(device) -> str:
    known = facts(device)
    journal = known.pop("journal")
    steps = known.pop("steps")
    lines = [f"{name:16}{'–' if value in (None, '') else value}" for name, value in known.items()]
    for role, offered in steps.items():
        lines += [f"{role}: {step['name']}{'' if step['open'] else ' – ' + step['reason']}" for step in offered]
    return "\n".join([*lines, *(f"{entry['at']}  {entry['sentence']}" for entry in journal)])


def facts(device) -> dict:
    contract = device.open_contract
    return {
        "ref": device.ref, "number": device.number, "name": device.name, "category": device.category.code,
        "serial": device.serial, "imei": device.imei, "status": device.status, "phase": device.phase,
        "version": device.version, "holder": person(device.holder), "space": str(device.space or ""),
        "last_holder": person(device.last_holder), "payor": device.payor, "payor_cost_centre": device.payor_cost_centre,
        "distributor": str(device.distributor or ""), "leased_from": str(contract.provider or "") if contract else "",
        "contract": contract_facts(getattr(device, "contract", None)),
        "purchased_on": day(device.purchased_on), "renewal_on": day(device.renewal_on),
        "received_at": moment(device.received_at), "return_outcome": device.return_outcome,
        **beside(device),
        "steps": {role: offered(device, by) for role, by in at_the_desk(device).items()},
        "journal": [entry_facts(entry) for entry in device.journal],
    }  # fmt: skip


def contract_facts(contract) -> dict | None:
    """The leasing contract, open or closed; None where there never was one."""
    return contract and {
        "number": contract.number, "provider": str(contract.provider or ""), "starts_on": day(contract.starts_on),
        "months": contract.months, "closed_on": day(contract.closed_on),
    }  # fmt: skip


def at_the_desk(device) -> dict:
    """Somebody for each role: who holds it, any admin, its partner, nobody (Velory itself)."""
    people = {"holder": device.holder, "admin": Person.objects.admins().first(), "partner": partner(device)}
    return {role: by for role, by in people.items() if by is not None} | {"system": None}


def partner(device):
    return device.open_contract.provider if device.is_leased and device.open_contract.provider else device.distributor


def offered(device, by) -> list[dict]:
    """The steps from here in this role, buttons or not, each open or greyed with its reason."""
    at, found = clock.now(), []
    labelled = {offer.name for offer in offers(device, by, at=at)}
    for made in steps_of(Device).values():
        role = device.status in made.sources and made.role_of(device, by)
        reason = role and made.reason(device, by=by, at=at)
        if role and not (reason and reason.hidden):
            found.append({
                "name": made.name, "label": str(made.label), "button": made.name in labelled, "open": reason is None,
                "reason": str(reason or ""), "code": reason.code if reason else "",
                "until": day(reason.until) if reason else None,
            })  # fmt: skip
    return found


def entry_facts(entry) -> dict:
    return {
        "version": entry.version, "at": moment(entry.at), "by": entry.by_name, "by_ref": entry.by_ref,
        "role": entry.role, "for": entry.acting_for, "step": entry.step, "from": entry.came_from, "to": entry.went_to,
        "sentence": entry.sentence, "details": entry.details,
    }  # fmt: skip


def person(someone):
    return someone and {"ref": someone.ref, "name": str(someone), "email": someone.email}


def day(value):
    return value.isoformat() if value else None


moment = day
