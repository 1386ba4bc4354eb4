"""What the company has already, as far as a file speaks of it: read once, so that no row costs a query."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models.functions import Upper
from django.utils.functional import cached_property

from assets.importing.columns import COLUMNS, DEVICE, LEASE, PERSON
from assets.models import Category, Device, Partner, Space
from velory.people.models import Location, Person, Team
from velory.spelling import lower, upper
from velory.ui.files import as_a_cell

NAMED = {"location": Location, "team": Team, "space": Space, "distributor": Partner, "leasing_provider": Partner}
_person_fields = {c.code: c.field for c in COLUMNS.values() if c.of == PERSON}
_device_fields = {c.code: c.field for c in COLUMNS.values() if c.of == DEVICE and c.field and c.code != "space"}
_lease_fields = {c.code: c.field for c in COLUMNS.values() if c.of == LEASE}


@dataclass
class KnownPerson:
    """A person as they are now; `facts` by column."""

    pk: int | None
    name: str
    has_access: bool
    facts: dict[str, str]


@dataclass
class KnownDevice:
    """A device as it is now; `facts` by column. `lease` is "", "open" or "closed"."""

    pk: int
    ref: str
    name: str
    version: int
    status: str
    lease: str
    holder: str
    holder_name: str
    space: str
    facts: dict[str, str]

    @property
    def whose(self) -> str:
        return self.holder_name or self.space


@dataclass
class World:
    """What there is: people by address, devices by number, reference, serial and IMEI, names as they are spelt."""

    people: dict[str, KnownPerson]
    numbers: dict[str, KnownDevice] = field(default_factory=dict)
    refs: dict[str, KnownDevice] = field(default_factory=dict)
    serials: dict[str, KnownDevice] = field(default_factory=dict)
    imeis: dict[str, KnownDevice] = field(default_factory=dict)
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    partner_roles: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[dict[str, str]]) -> "World":
        """What the rows (values by column) may speak of."""
        rows = list(rows)
        emails = _mentioned(rows, "email", "approver_email")
        world = cls(people=dict(_people(emails)))
        for device in _devices(rows):
            world.know(device)
        for code, model in NAMED.items():
            world.names[code] = {
                lower(as_a_cell(name)): name for name in model._default_manager.values_list("name", flat=True)
            }
        for name, distributes, leases in Partner.objects.values_list("name", "distributes", "leases"):
            roles = {code for code, has in (("distributor", distributes), ("leasing_provider", leases)) if has}
            world.partner_roles[lower(as_a_cell(name))] = roles
        return world

    def know(self, device: KnownDevice) -> None:
        """Let a device be found by whatever it is known by."""
        self.refs[device.ref] = device
        for index, code in ((self.numbers, "device_id"), (self.serials, "serial_number"), (self.imeis, "imei")):
            if device.facts[code]:
                index[upper(as_a_cell(device.facts[code]))] = device

    @cached_property
    def addresses(self) -> list[str]:
        """Addresses of people here, asked for only where one in the file may be misspelt."""
        return list(Person.objects.with_address().order_by("-pk").values_list("email", flat=True)[:5000])


def categories() -> dict[str, str]:
    """Every word for a category, in lower case, and its code. What one is called here goes before other words."""
    from django.utils import translation

    known = list(Category.objects.order_by("pk"))
    found = {as_a_cell(category.name).casefold(): category.code for category in known}
    for category in known:
        words = [category.code]
        for language in ("en", "sv"):
            with translation.override(language):
                words.append(str(category))
        for word in [*words, *sorted(_SINGULARS.get(category.code, set()))]:
            found.setdefault(word.casefold(), category.code)
    return found


_SINGULARS = {
    "phones": {"phone", "mobile", "mobile phone", "smartphone", "telefon", "mobil", "mobiltelefon"},
    "computers": {"computer", "laptop", "notebook", "dator", "bärbar dator"},
    "tablets": {"tablet", "surfplatta", "läsplatta"},
    "screens": {"screen", "monitor", "display", "skärm", "bildskärm"},
    "accessories": {"accessory", "tillbehör"},
}


def _mentioned(rows, *codes) -> set[str]:
    return {row[code] for row in rows for code in codes if row.get(code)}


def _people(emails):
    found = Person.objects.filter(email__in=emails).select_related("location", "team", "approver")
    for person in found:
        yield person.email, KnownPerson(person.pk, str(person), person.is_active, facts_of_person(person))


def facts_of_person(person) -> dict[str, str]:
    """What is known of a person, by column, as plain text."""
    return {code: plain(getattr(person, name)) for code, name in _person_fields.items()} | {
        "approver_email": (person.approver.email or "") if person.approver else ""
    }


def _devices(rows):
    numbers = {upper(n) for n in _mentioned(rows, "device_id")}
    serials = {upper(s) for s in _mentioned(rows, "serial_number")}
    imeis = _mentioned(rows, "imei")
    everything = Device.objects.all()
    meant = [
        everything.annotate(key=Upper("number")).filter(key__in=numbers),
        everything.filter(ref__in=numbers),
        everything.annotate(key=Upper("serial")).filter(key__in=serials),
        everything.filter(imei__in=imeis),
    ]
    keys = {pk for devices in meant for pk in devices.values_list("pk", flat=True)}
    related = everything.select_related("category", "distributor", "contract__provider", "holder", "space")
    for device in related.filter(pk__in=keys):
        yield known_device(device)


def known_device(device) -> KnownDevice:
    """A device as it is now."""
    contract = getattr(device, "contract", None)
    return KnownDevice(
        pk=device.pk, ref=device.ref, name=device.name, version=device.version, status=device.status,
        lease="" if contract is None else "closed" if contract.closed_on else "open",
        holder=(device.holder.email or device.holder.ref) if device.holder else "",
        holder_name=str(device.holder or ""), space=device.space.name if device.space else "",
        facts=facts_of_device(device, contract),
    )  # fmt: skip


def facts_of_device(device, contract) -> dict[str, str]:
    """What is known of a device and its lease, by column, as plain text."""
    facts = {code: plain(getattr(device, name)) for code, name in _device_fields.items()}
    facts["category"] = device.category.code
    lease = {code: plain(getattr(contract, name)) if contract else "" for code, name in _lease_fields.items()}
    return facts | lease


def plain(value) -> str:
    """A value as the plan keeps it."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
