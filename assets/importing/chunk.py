"""Some rows of a plan, checked against the world as it is now and written together with a few statements."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.contrib.auth.hashers import make_password
from django.db.models import Max
from django.db.models.functions import Upper

from assets.importing.columns import COLUMNS, LEASE
from assets.importing.faults import Fault
from assets.importing.world import facts_of_person
from assets.models import Category, Contract, Device, Holding, Note, Partner, Space
from velory import clock
from velory.journal.models import Entry
from velory.journal.steps import entry_for, follow
from velory.people import leaving
from velory.people.invitations import invite, why_not_invited
from velory.people.models import Location, Person, Role, Team
from velory.references import references
from velory.spelling import lower, upper
from velory.tenancy.context import current_company

HANDS = ["holder", "space", "last_holder", "last_space", "payor", "payor_cost_centre"]
LEASE_FIELDS = [
    "provider", "number", "starts_on", "months", "monthly_cost", "acquisition_price", "residual_percent", "currency",
]  # fmt: skip


@dataclass
class _Made:
    """What a chunk brings about, before it is written."""

    people: list[Person] = field(default_factory=list)
    people_changed: dict[int, Person] = field(default_factory=dict)
    devices: list[tuple] = field(default_factory=list)  # (device, plan, row)


class Chunk:
    """Some rows of a plan, checked against the world as it is now and written with a few statements."""

    def __init__(self, an_import, rows, at):
        self.an_import, self.by, self.at = an_import, an_import.by, at
        self.rows = rows
        self.made = _Made()

    def apply(self) -> None:
        self._see_the_world()
        accepted = []
        for row in self.rows:
            try:
                self._check(row)
            except Fault as fault:
                row.refuse(fault)
            else:
                accepted.append(row)
        self._make_names(accepted)
        for row in accepted:
            self._take(row)
        self._write()

    # The world as it is now, held until the chunk is written

    def _see_the_world(self):
        plans = [row.plan for row in self.rows]
        self.today = self.at.astimezone(clock.zone()).date()
        admins = Person.objects.admins().select_for_update(of=("self",))
        self.admins = {admin.email for admin in admins if admin.works_on(self.today) and not admin.last_day_on}
        emails = {row.email for row in self.rows if row.email}
        held = Person.objects.filter(email__in=emails).select_related("location", "team", "approver")
        self.people = {p.email: p for p in held.order_by("pk").select_for_update(of=("self",))}
        pks = [plan["device"]["pk"] for plan in plans if plan["device"] and "pk" in plan["device"]]
        devices = Device.objects.select_related("category", "distributor", "contract__provider", "holder", "space")
        self.devices = {d.pk: d for d in devices.filter(pk__in=pks).order_by("pk").select_for_update(of=("self",))}
        new = [plan["device"]["facts"] for plan in plans if plan["device"] and "pk" not in plan["device"]]
        self.taken = {
            "device_id": _taken("number", [facts.get("device_id") for facts in new]),
            "serial_number": _taken("serial", [facts.get("serial_number") for facts in new]),
        }
        self.categories = {category.code: category for category in Category.objects.all()}
        self.promised: set[str] = set()

    def _check(self, row):
        person, device = row.plan["person"], row.plan["device"]
        if row.email:
            self._check_person(row, person)
        if device and "pk" in device:
            now = self.devices.get(device["pk"])
            if now is None:
                raise Fault("meanwhile_gone", facts={"what": row.what})
            if now.version != device["version"]:
                raise Fault("meanwhile_changed", facts={"what": row.what})
        elif device:
            for code, keys in self.taken.items():
                if upper(device["facts"].get(code, "")) in keys:
                    raise Fault("meanwhile_added", code, device["facts"][code], {"what": row.what})
        if row.email and person:
            self._keep_an_admin(row.email, person["facts"])
        if row.person_verdict == "created":
            self.promised.add(row.email)

    def _keep_an_admin(self, email, facts):
        """Who was one of several when the plan was made may be the last one by now."""
        now = self.people.get(email)
        role = facts.get("user_role") or (now.role if now else Role.EMPLOYEE)
        leaves_on = facts.get("last_employment_date") or (now.last_day_on if now else None)
        if role == Role.ADMIN and not leaves_on:
            if now is None or now.works_on(self.today):
                self.admins.add(email)
        elif self.admins == {email}:
            raise Fault("last_admin", "user_role" if role != Role.ADMIN else "last_employment_date", role)
        else:
            self.admins.discard(email)

    def _check_person(self, row, person):
        now = self.people.get(row.email)
        if row.person_verdict == "created" and (now or row.email in self.promised):
            raise Fault("meanwhile_added", "email", row.email, {"what": row.email})
        if row.person_verdict != "created" and now is None and row.email not in self.promised:
            raise Fault("not_applied", "email", row.email, {"what": row.email})
        if person and now is not None:
            facts = facts_of_person(now)
            for code, before in person["before"].items():
                if code != "approver_email" and facts[code] not in (before, person["facts"][code]):
                    raise Fault("meanwhile_changed", code, person["facts"][code], {"what": row.email})

    # Places, teams, spaces and partners that are new

    def _make_names(self, rows):
        wanted: defaultdict[str, dict] = defaultdict(dict)
        for row in rows:
            person, device = row.plan["person"] or {}, row.plan["device"] or {}
            facts = person.get("facts", {}) | device.get("facts", {})
            for code in ("location", "team", "distributor", "leasing_provider"):
                if facts.get(code):
                    wanted[code].setdefault(lower(facts[code]), facts[code])
            if device.get("room"):
                wanted["location"].setdefault(lower(device["room"]), device["room"])
            if device.get("to") and device["to"][0] == "space":
                wanted["space"].setdefault(lower(device["to"][1]), (device["to"][1], device.get("room", "")))
        self.locations = _named(Location, wanted["location"], lambda name: Location(name=name))
        self.teams = _named(Team, wanted["team"], lambda name: Team(name=name))
        self.partners = self._partners(wanted["distributor"], wanted["leasing_provider"])
        self.spaces = _named(
            Space, wanted["space"],
            lambda told: Space(name=told[0], location=self.locations.get(lower(told[1]))),
        )  # fmt: skip

    def _partners(self, distributors, lessors):
        """Partners by name; new ones stand outside the store, and each gets the part that the file gives it."""
        language = current_company().language
        partners = _named(
            Partner, distributors | lessors,
            lambda name: Partner(name=name, integrated=False, distributes=False, leases=False, language=language),
        )  # fmt: skip
        for names, part in ((distributors, "distributes"), (lessors, "leases")):
            late = [partners[key] for key in names if not getattr(partners[key], part)]
            for partner in late:
                setattr(partner, part, True)
            Partner.objects.bulk_update(late, [part])
        return partners

    # Rows

    def _take(self, row):
        if row.plan["person"]:
            self._take_person(row)
        if row.plan["device"]:
            self._take_device(row, row.plan["device"])

    def _take_person(self, row):
        person = self.people.get(row.email)
        if person is None:
            person = self.people[row.email] = Person(email=row.email, password=make_password(None))
            self.made.people.append(person)
        elif person.pk:
            self.made.people_changed[person.pk] = person
        for code, value in row.plan["person"]["facts"].items():
            if code != "approver_email":
                setattr(person, COLUMNS[code].field, self._value(code, value))

    def _take_device(self, row, plan):
        if "pk" in plan:
            device = self.devices[plan["pk"]]
            device.version += 1
        else:
            device = Device(registered_at=self.at, version=1)
        facts, lease = _divide(plan["facts"])
        for code, value in facts.items():
            setattr(device, COLUMNS[code].field, self._value(code, value))
        self.made.devices.append((device, plan, row, lease))

    def _value(self, code, value):
        if code in {"location", "team", "distributor", "leasing_provider", "category"}:
            kept = {"location": self.locations, "team": self.teams, "category": self.categories}.get(
                code, self.partners
            )
            return kept[lower(value)] if value else None
        kind = COLUMNS[code].kind
        if value == "":
            return None if kind in {"date", "day", "amount", "percent", "months"} else ""
        if kind in {"date", "day"}:
            return date.fromisoformat(value)
        if kind in {"amount", "percent"}:
            return Decimal(value)
        return int(value) if kind == "months" else value

    # Written, a few statements for all of them

    def _write(self):
        made = self.made
        for person, ref in zip(made.people, references(Person, "P", len(made.people)), strict=True):
            person.ref = ref
        Person.objects.bulk_create(made.people)
        if made.people_changed:
            fields = {COLUMNS[code].field for row in self.rows for code in _facts_of_person(row)} - {"approver"}
            Person.objects.bulk_update(made.people_changed.values(), sorted(fields) or ["phone"])
        self._note_people()
        self._write_devices()
        if made.people_changed:
            follow(Person, "import", list(made.people_changed.values()), at=self.at)
        if self.an_import.write_to_leavers:
            leaving.tell(self._leavers(), by=self.by, at=self.at)
        if self.an_import.invite:
            for person in made.people:
                if not why_not_invited(person, at=self.at):
                    invite(person, by=self.by, at=self.at)

    def _leavers(self):
        """Those to whom the rows give a last day that is still to come."""
        said = {row.email for row in self.rows if _facts_of_person(row).get("last_employment_date")}
        found = [self.people[email] for email in sorted(said)]
        return [person for person in found if person.last_day_on and person.works_on(self.today)]

    def _note_people(self):
        """Write what happened to people in their journal, and let follow what follows."""
        entries = list(self._entries_of_people())
        Entry.objects.bulk_create(entries)
        people = {person.pk: person for person in [*self.made.people, *self.made.people_changed.values()]}
        steps = defaultdict(list)
        for entry in entries:
            steps[entry.step].append(people[entry.about_id])
        for step, whom in steps.items():
            follow(Person, step, whom, at=self.at)

    def _entries_of_people(self):
        """Who was added, changed, given another role; never what was in the fields."""
        changed = list(self.made.people_changed.values())
        versions = dict(
            Entry.objects.filter(about_type="people.person", about_id__in=[person.pk for person in changed])
            .values_list("about_id")
            .annotate(Max("version"))
        )
        for person in self.made.people:
            yield self._entry_of_person(person, "added", 1, {})
        for person in changed:
            facts = {code for row in self.rows if row.email == person.email for code in _facts_of_person(row)}
            steps: list[tuple[str, dict]] = [(f"made_{person.role}", {})] if "user_role" in facts else []
            rest = sorted(COLUMNS[code].field for code in facts - {"user_role"})
            steps += [("changed", {"fields": rest})] if rest else []
            for version, (step, details) in enumerate(steps, start=versions.get(person.pk, 0) + 1):
                yield self._entry_of_person(person, step, version, details)

    def _entry_of_person(self, person, step, version, details):
        by = self.by
        return Entry(
            about_type="people.person", about_id=person.pk, about_ref=person.ref, about_name=str(person)[:200],
            version=version, at=self.at, by_ref=by.ref if by else "", by_name=str(by) if by else "",
            role=by.role if by else "system", step=step, details=details | {"import": self.an_import.ref},
        )  # fmt: skip

    def _write_devices(self):
        new = [device for device, plan, _row, _lease in self.made.devices if "pk" not in plan]
        for device, ref in zip(new, references(Device, "D", len(new)), strict=True):
            device.ref = ref
        holdings = [self._hand_over(device, plan) for device, plan, *_rest in self.made.devices if plan["to"]]
        Device.objects.bulk_create(new)
        self._write_changes()
        Holding.objects.bulk_create(holdings)
        self._write_leases()
        self._write_notes()
        Entry.objects.bulk_create([self._entry(device, plan, row) for device, plan, row, _lease in self.made.devices])
        if self.made.devices:
            follow(Device, "import", [device for device, *_rest in self.made.devices], at=self.at)

    def _write_changes(self):
        """Facts and hands, never the status: that moves by steps only."""
        changed = [(device, plan) for device, plan, *_rest in self.made.devices if "pk" in plan]
        if not changed:
            return
        moved = [device.pk for device, plan in changed if plan["to"]]
        Holding.objects.filter(device__in=moved, until_at=None).update(until_at=self.at)
        fields = {COLUMNS[code].field for _device, plan in changed for code in _divide(plan["facts"])[0]}
        fields |= set(HANDS) if moved else set()
        Device.objects.bulk_update([device for device, _plan in changed], sorted(fields | {"version"}))

    def _hand_over(self, device, plan):
        """It is a person's or a space's from now on; who had it last is remembered."""
        kind, key = plan["to"]
        if device.holder_id or device.space_id:
            device.last_holder, device.last_space = device.holder, device.space
            device.payor_cost_centre = ""
        device.holder = self.people[key] if kind == "person" else None
        device.space = self.spaces[lower(key)] if kind == "space" else None
        return Holding(device=device, person=device.holder, space=device.space, from_at=self.at)

    def _write_leases(self):
        new, changed = [], []
        for device, plan, _row, lease in self.made.devices:
            if plan["leased"]:
                contract = Contract(device=device, currency=device.currency or current_company().currency)
                new.append(contract)
            elif "pk" in plan and (lease or "currency" in plan["facts"]) and getattr(device, "contract", None):
                contract = device.contract
                contract.currency = device.currency or contract.currency
                changed.append(contract)
            else:
                if "pk" not in plan:
                    device._state.fields_cache["contract"] = None  # known to have none: who follows need not ask
                continue
            for code, value in lease.items():
                setattr(contract, COLUMNS[code].field, self._value(code, value))
        Contract.objects.bulk_create(new)
        if changed:
            Contract.objects.bulk_update(changed, LEASE_FIELDS)

    def _write_notes(self):
        by_ref, by_name = (self.by.ref, str(self.by)) if self.by else ("", "")
        Note.objects.bulk_create(
            Note(device=device, by_ref=by_ref, by_name=by_name, at=self.at, text=plan["note"])
            for device, plan, _row, _lease in self.made.devices
            if plan.get("note")
        )

    def _entry(self, device, plan, row):
        details = {"import": self.an_import.ref, "row": row.number, "to": plan["whose"] if plan["to"] else ""}
        step = "import"
        if "pk" in plan:
            changes = {code: [plan["before"].get(code, ""), value] for code, value in plan["facts"].items()}
            step = "import_assign" if plan["to"] else "import_change"
            details |= {"changes": changes or None, "holder": plan["was"] if plan["to"] else ""}
        return entry_for(
            device, step, by=self.by, role="admin" if self.by else "system", at=self.at,
            came_from=device.status if "pk" in plan else "", details=details,
        )  # fmt: skip


def _facts_of_person(row):
    return row.plan["person"]["facts"] if row.plan["person"] and row.verdict != "refused" else {}


def _divide(facts):
    """What is the device's own, and what its lease's."""
    lease = {code: value for code, value in facts.items() if COLUMNS[code].of == LEASE}
    return {code: value for code, value in facts.items() if code not in lease}, lease


def _taken(name, values):
    """Which of these numbers a device has already, in upper case."""
    wanted = {upper(value) for value in values if value}
    return set(Device.objects.annotate(key=Upper(name)).filter(key__in=wanted).values_list("key", flat=True))


def _named(model, wanted, make):
    """Things by name in lower case; what is missing is made."""
    if not wanted:
        return {}
    found = {lower(thing.name): thing for thing in model.objects.all()}
    missing = [make(told) for key, told in wanted.items() if key not in found]
    model.objects.bulk_create(missing)
    return found | {lower(thing.name): thing for thing in missing}
