"""From rows to what they would do: created, changed (before → after), unchanged, or refused with reasons.

Nothing is written here. A row is all or nothing: where its device is refused, its person is not taken from it.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from assets.importing.cells import Cells, Habits, decimal_mark
from assets.importing.columns import COLUMNS, DEVICE, FILLERS, LEASE, PERSON
from assets.importing.faults import OF_ONE_CELL, Fault
from assets.importing.sheet import Row, Sheet
from assets.importing.verdicts import CHANGED, CREATED, REFUSED, UNCHANGED, VERDICTS, Planned
from assets.importing.world import KnownDevice, KnownPerson, World, categories
from assets.lifecycle import ARCHIVED, ASSIGNABLE
from velory.people.models import Person, Role
from velory.people.rules import administrator
from velory.spelling import lower, upper
from velory.ui.files import as_a_cell

PASSES = 5  # a refusal may make another row the first of its device; after that, what still lacks something is refused
SUGGESTIONS = 20  # addresses that are compared with all others, in case they are misspelt
_PERSON = [c.code for c in COLUMNS.values() if c.of == PERSON and c.code != "email"]
_DEVICE = [c.code for c in COLUMNS.values() if c.of == DEVICE]
_LEASE = [c.code for c in COLUMNS.values() if c.of == LEASE]
_NAMES = ("location", "team", "space", "distributor", "leasing_provider")
_KEYS = ("device_id", "serial_number", "imei")
_OF_THE_DEVICE = [c for c in _DEVICE if c not in {"space", "contract_type", "notes"}] + _LEASE


@dataclass
class Reading:
    """A row with its cells read."""

    number: int
    values: dict[str, str]
    faults: list[Fault]


def habits_of(sheet: Sheet, mapping: list[str], *, day_first: bool | None = None) -> Habits:
    """How the file writes numbers and dates."""
    places = [i for i, code in enumerate(mapping) if code and COLUMNS[code].kind in {"amount", "percent"}]
    return Habits(decimal_mark(row.cells[i] for row in sheet.rows for i in places if row.cells[i]), day_first)


def readings(sheet: Sheet, mapping: list[str], habits: Habits) -> list[Reading]:
    """Every row with its cells read, or with the faults of those that can't be."""
    cells = Cells(habits, categories())
    columns = [(i, COLUMNS[code]) for i, code in enumerate(mapping) if code]
    heading_codes = {heading: code for heading, code in zip(sheet.headings, mapping, strict=True) if code}
    return [_reading(row, cells, columns, heading_codes) for row in sheet.rows]


def _reading(row: Row, cells, columns, heading_codes) -> Reading:
    faults = [f for f in row.faults if f.code not in OF_ONE_CELL or f.column in heading_codes]
    spoilt = {heading_codes.get(fault.column, fault.column) for fault in faults}
    for fault in faults:
        fault.column = heading_codes.get(fault.column, fault.column)
    values = {}
    for place, column in columns:
        cell = row.cells[place]
        if cell and column.code not in spoilt:
            try:
                value = cells.value(column, cell)
            except Fault as fault:
                faults.append(fault)
            else:
                if value:
                    values[column.code] = value
    return Reading(row.number, values, faults)


def plan(rows: list[Reading], *, by, company, today: date) -> list[Planned]:
    """What all rows would do together, in their order.

    A row may name an approver who stands further down; where that row is refused, so is this one.
    """
    world = World.of(row.values for row in rows)
    addresses = {row.values["email"] for row in rows if "email" in row.values}
    faults: dict[int, Fault] = {}
    for _pass in range(PASSES):
        planner = _Planner(world, by, company, today, faults, addresses)
        planned = [planner.row(row) for row in rows]
        missing = approvers_missing(planned, rows, set(world.people))
        if not missing:
            break
        faults |= missing
    else:
        for row in planned:
            if row.number in missing:
                row.refuse(missing[row.number])
    return planned


def approvers_missing(planned: list[Planned], rows: list[Reading], known: set[str]) -> dict[int, Fault]:
    """Rows that name an approver whom neither the company nor an accepted row has, and so on up the line."""
    accepted = [(row, reading.values) for row, reading in zip(planned, rows, strict=True) if row.verdict != REFUSED]
    brought = Counter(row.email for row, _values in accepted if row.email and row.email not in known)
    named = defaultdict(list)
    for row, values in accepted:
        if values.get("approver_email"):
            named[values["approver_email"]].append(row)
    absent = [email for email in named if email not in known and not brought[email]]
    missing: dict[int, Fault] = {}
    while absent:
        email = absent.pop()
        for row in named.pop(email, ()):
            missing[row.number] = Fault("approver_missing", "approver_email", email, {"email": email})
            brought[row.email] -= 1
            if row.email not in known and not brought[row.email]:
                absent.append(row.email)
    return missing


class _Seen:
    """A person as the rows above left them: which row said what."""

    def __init__(self, facts):
        self.facts = dict(facts)
        self.said_in: dict[str, int] = {}


class _Planner:
    """Goes through the rows once."""

    def __init__(self, world: World, by, company, today, faults, addresses):
        self.world, self.by, self.company, self.today = world, by, company, today.isoformat()
        self.faults, self.addresses = faults, addresses
        self.seen: dict[str, _Seen] = {}
        self.claimed: dict[tuple[str, str | int], int] = {}
        self.names = {code: dict(names) for code, names in world.names.items()}
        self.partner_roles = {name: set(roles) for name, roles in world.partner_roles.items()}
        self.admins = Person.objects.admins().working(today).who_stay().count()
        self.suggested = 0

    def row(self, reading: Reading) -> Planned:
        values = {code: self._spelt(code, value) for code, value in reading.values.items()}
        planned = Planned(reading.number, email=values.get("email", ""))
        planned.faults = [*reading.faults, *([self.faults[reading.number]] if reading.number in self.faults else [])]
        speaks_of_device = any(values.get(code) for code in [*_DEVICE, *_LEASE] if code not in FILLERS)
        room = _space_of_its_own(values)
        person = {code: values[code] for code in _PERSON if code in values and not (room and code == "location")}
        self._describe(planned, values)
        if not planned.faults:
            self._consider(planned, values, person, speaks_of_device)
        if planned.faults:
            planned.device_verdict = REFUSED if speaks_of_device else ""
            planned.refuse()
            return planned
        self._accept(planned, values, person)
        if planned.device:
            planned.device |= {"room": room} if room else {}
        return planned

    def _spelt(self, code, value):
        return self.names[code].get(lower(value), value) if code in _NAMES else value

    def _describe(self, planned, values):
        known = self.world.people.get(planned.email)
        named = f"{values.get('first_name', '')} {values.get('last_name', '')}".strip()
        planned.who = (named or (known.name if known else ""))[:160]
        planned.what = values.get("product_name", "")
        planned.key = values.get("serial_number") or values.get("device_id", "")

    def _consider(self, planned, values, person, speaks_of_device):
        if not planned.email and person:
            planned.faults.append(Fault("no_email", "email"))
        if not planned.email and not person and not speaks_of_device:
            planned.faults.append(Fault("nothing"))
        if planned.email:
            self._person(planned, person)
        if speaks_of_device:
            self._device(planned, values)

    def _accept(self, planned, values, person):
        """The row will be applied: from now on the rows below see what it does."""
        if planned.email:
            seen = self._seen(planned.email)
            said = {code: person[code] for code in ("user_role", "last_employment_date") if person.get(code)}
            self.admins += _stays(seen.facts | said) - _stays(seen.facts)
            seen.facts |= (planned.person or {}).get("facts", {})
            seen.said_in |= {code: planned.number for code in person if code not in seen.said_in}
        for code in _KEYS:
            if planned.device_verdict and values.get(code):
                self.claimed[code, upper(values[code])] = planned.number
        if planned.device and planned.device.get("pk"):
            self.claimed["pk", planned.device["pk"]] = planned.number
        for code in _NAMES:
            if values.get(code) and (code in {"location", "team"} or planned.device_verdict):
                self._name(planned, code, values[code])
        verdicts = {planned.person_verdict, planned.device_verdict}
        planned.verdict = next(verdict for verdict in VERDICTS if verdict in verdicts)

    def _name(self, planned, code, name):
        """A place, team or partner that nobody knew is new with the first row that names it."""
        key = lower(as_a_cell(name))
        if code in {"distributor", "leasing_provider"}:
            roles = self.partner_roles.setdefault(key, set())
            is_new = code not in roles
            roles.add(code)
            for other in ("distributor", "leasing_provider"):
                self.names[other].setdefault(key, name)
        else:
            is_new = key not in self.names[code]
            self.names[code].setdefault(key, name)
        if is_new:
            planned.new.append([code, name])

    # People

    def _seen(self, email) -> _Seen:
        if email not in self.seen:
            known = self.world.people.get(email)
            self.seen[email] = _Seen(known.facts if known else {"user_role": ""})
        return self.seen[email]

    def _person(self, planned, said):
        email = planned.email
        known: KnownPerson | None = self.world.people.get(email)
        seen = self.seen.get(email)
        is_new = known is None and seen is None
        before = seen.facts if seen else known.facts if known else {}
        if seen:
            planned.faults += [
                Fault("says_otherwise", code, value, {"row": seen.said_in[code], "other": seen.facts[code]})
                for code, value in said.items()
                if code in seen.said_in and seen.facts[code] != value
            ]
        if is_new:
            lacks = [code for code in ("first_name", "last_name") if code not in said]
            planned.faults += [self._needs_a_name(email, code) for code in lacks[:1]]
        planned.faults += self._rules_of_people(email, before, said)
        facts = changed(said, before)
        if is_new:
            facts = {"user_role": Role.EMPLOYEE.value, "language": self.company.language} | said
        planned.person_verdict = CREATED if is_new else CHANGED if facts else UNCHANGED
        if facts:
            planned.person = {"facts": facts, "before": {} if is_new else {c: before.get(c, "") for c in facts}}

    def _rules_of_people(self, email, before, said):
        now = before | said
        first, last = now.get("first_employment_date"), now.get("last_employment_date")
        if first and last and last < first:
            yield Fault("days_in_order", "last_employment_date", last)
        if said.get("approver_email") == email:
            yield Fault("own_approver", "approver_email", email)
        role = said.get("user_role")
        if role and role != before.get("user_role", Role.EMPLOYEE):
            if self.by is not None and not administrator(self.by):
                yield Fault("not_yours_to_give", "user_role", role)
            elif _admin(before.get("user_role")) and self.by is not None and email == self.by.email:
                yield Fault("own_role", "user_role", role)
            elif _stays(before) and self.admins <= 1:
                yield Fault("last_admin", "user_role", role)
        leaves_on = said.get("last_employment_date", "")
        if leaves_on and _stays(before) and self.admins <= 1:
            yield Fault("last_admin", "last_employment_date", leaves_on)

    def _needs_a_name(self, email, code):
        """What a new person lacks; or perhaps the address is meant to be one that is known."""
        self.suggested += 1
        like = []
        if self.suggested <= SUGGESTIONS:
            others = {other for other in [*self.addresses, *self.world.addresses] if other[0] == email[0]}
            like = get_close_matches(email, others - {email}, n=1, cutoff=0.9)
        facts = {"email": email} | ({"like": like[0]} if like else {})
        return Fault("new_person_like" if like else "new_person_needs", code, "", facts)

    # Devices

    def _device(self, planned, values):
        known = self._known_device(planned, values)
        if planned.faults:
            return
        to, whose = self._destination(planned, values)
        before = known.facts if known else {}
        said = {code: values[code] for code in _OF_THE_DEVICE if code in values}
        planned.faults += self._rules_of_devices(known, values, before, said)
        facts = changed(said, before)
        moves = bool(to) and (known is None or to[1] != (known.holder if to[0] == "person" else known.space))
        if moves:
            planned.faults += self._may_be_handed_over(known, planned, whose)
        if known and moves and known.facts["payor"] and "payor" not in said:
            facts["payor"] = ""
        leased = values.get("contract_type") == "leased" and not (known and known.lease)
        if known is None:
            facts.setdefault("currency", self.company.currency)
        if known and known.status in ARCHIVED and (facts or moves or leased):
            planned.faults.append(Fault("archived", "", known.ref, {"status": known.status}))
        planned.what = planned.what or (known.name if known else "")
        planned.device_verdict = CREATED if known is None else CHANGED if facts or moves or leased else UNCHANGED
        if planned.device_verdict != UNCHANGED:
            planned.device = _device_plan(known, facts, to if moves else None, whose, leased, values)

    def _known_device(self, planned, values) -> KnownDevice | None:
        """The device that a row means: by the company's own number, else by its serial number. May add faults."""
        world = self.world
        number, serial, imei = (upper(values.get(code, "")) for code in _KEYS)
        if not number and not serial:
            planned.faults.append(Fault("no_key", "device_id"))
            return None
        for code, key in zip(_KEYS, (number, serial, imei), strict=True):
            if key and (code, key) in self.claimed:
                planned.faults.append(Fault("same_in_row", code, values[code], {"row": self.claimed[code, key]}))
        by_number = number and (world.numbers.get(number) or world.refs.get(number))
        by_serial = world.serials.get(serial) if serial else None
        if by_number and by_serial and by_number.pk != by_serial.pk:
            planned.faults.append(_two(values, by_serial))
        if number and not by_number and by_serial and by_serial.facts["device_id"]:
            planned.faults.append(_two(values, by_serial))
        known = by_number or by_serial or None
        if by_number and number == by_number.ref:
            values.pop("device_id")  # a reference says which one it is, not what it is called
        if known and ("pk", known.pk) in self.claimed:
            planned.faults.append(Fault("same_in_row", "device_id", known.ref, {"row": self.claimed["pk", known.pk]}))
        has_imei = world.imeis.get(imei) if imei else None
        if has_imei and (known is None or has_imei.pk != known.pk):
            planned.faults.append(_taken("imei", values, has_imei))
        if known is None:
            planned.faults += [Fault("new_device_needs", c) for c in ("product_name", "category") if not values.get(c)]
        return known

    def _destination(self, planned, values):
        """Whose it becomes: ("person", address) or ("space", name), and the name to show."""
        email, space = planned.email, values.get("space")
        if email and space:
            planned.faults.append(Fault("holder_and_space", "space", space))
        if email:
            return ("person", email), planned.who or email
        return (("space", space), space) if space else (None, "")

    def _may_be_handed_over(self, known, planned, whose):
        if known and known.status not in ASSIGNABLE and known.status not in ARCHIVED:
            yield Fault("hands", "email" if planned.email else "space", whose, {"status": known.status})
        person = self.world.people.get(planned.email)
        if person and not person.has_access:
            yield Fault("left", "email", planned.email, {"who": person.name})

    def _rules_of_devices(self, known, values, before, said):
        now = before | said
        bought, renewed = now.get("purchase_date"), now.get("renewal_date")
        if bought and renewed and renewed < bought and changed(said, before).keys() & {"purchase_date", "renewal_date"}:
            yield Fault("dates_in_order", "renewal_date", renewed)
        contract_type = values.get("contract_type")
        lease = known.lease if known else ""
        if lease == "open" and contract_type == "one-off":
            yield Fault("is_leased", "contract_type", contract_type)
        elif lease == "closed" and contract_type == "leased":
            yield Fault("lease_closed", "contract_type", contract_type)
        elif contract_type != "leased" and lease != "open":
            lost = next((code for code in _LEASE if code in changed(said, before)), None)
            if lost:
                yield Fault("not_leased", lost, said[lost])


def changed(said: dict[str, str], before: dict[str, str]) -> dict[str, str]:
    """What is said otherwise than it is. A text that a file could not hold as it is, is the same as it reads there."""
    return {
        c: value for c, value in said.items() if value != before.get(c, "") and value != as_a_cell(before.get(c, ""))
    }


def _device_plan(known, facts, to, whose, leased, values):
    made = {"facts": facts, "before": {}, "to": to, "whose": whose, "leased": leased}
    if known is None:
        return made | {"note": values.get("notes", "")}
    before = {code: known.facts.get(code, "") for code in facts}
    return made | {"pk": known.pk, "version": known.version, "ref": known.ref, "before": before, "was": known.whose}


def _space_of_its_own(values):
    """The location of a new space: where no person stands in the row, the location is the space's."""
    if values.get("email") or not values.get("space"):
        return ""
    return values.get("location", "")


def _two(values, device):
    return Fault(
        "two_devices", "serial_number", values.get("serial_number", ""), {"device": f"{device.name} ({device.ref})"}
    )


def _taken(code, values, device):
    return Fault("taken", code, values[code], {"device": f"{device.name} ({device.ref})"})


def _admin(role) -> bool:
    return role == Role.ADMIN


def _stays(facts) -> bool:
    """Whether somebody of whom this is known is an admin whose last day is not known."""
    return _admin(facts.get("user_role")) and not facts.get("last_employment_date")
