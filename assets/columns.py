"""The columns of the hardware table. The device and its status always stand in it, the others as a person chooses.

Whatever is chosen, a page costs the same queries: what a column shows is fetched with the rows.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from assets.ownership import OWNERSHIP, ownership_of
from velory.journal.models import Entry
from velory.ui.dates import day_short, moment
from velory.ui.money import money

ALWAYS = ("device", "status")


@dataclass(frozen=True)
class Column:
    """A column: its heading, whether it sorts, and its words for a device. A cell that is not plain is drawn apart."""

    key: str
    label: Any
    words: Callable | None = None
    sorts: bool = False
    code: bool = False
    is_plain: bool = True

    @property
    def classes(self) -> str:
        """What its cells are called in the style sheet."""
        return f"col-{self.key}" + (" col-plain" if self.is_plain else "")

    def cell(self, device) -> dict:
        """What stands in it for a device."""
        return {"column": self, "words": self.words(device) if self.words else ""}


def _where(device):
    return getattr(device.whose, "location", None)


def _team(device):
    return device.holder.team if device.holder_id else None


def _cost_centre(device):
    return device.payor_cost_centre or (device.holder.cost_centre if device.holder_id else "")


def _contract(device):
    return getattr(device, "contract", None)


def _of_contract(words):
    return lambda device: words(_contract(device)) if _contract(device) else ""


def lease_ends_on(contract):
    """The last day of a lease; None where its start or its length is not known."""
    if contract.starts_on is None or not contract.months:
        return None
    return contract.starts_on + relativedelta(months=contract.months, days=-1)


COLUMNS = {
    found.key: found
    for found in [
        Column("device", _("Device"), sorts=True, is_plain=False),
        Column("holder", _("Holder"), sorts=True, is_plain=False),
        Column("status", _("Status"), sorts=True, is_plain=False),
        Column("renewal", _("Renewal"), sorts=True, is_plain=False),
        Column("contract", _("Ownership"), lambda device: OWNERSHIP[ownership_of(device)], is_plain=False),
        Column("payor", _("Payor"), is_plain=False),
        Column("reference", _("Reference"), lambda device: device.ref, code=True),
        Column("number", _("Company's own number"), lambda device: device.number, code=True),
        Column("serial", _("Serial number"), lambda device: device.serial, code=True),
        Column("imei", _("IMEI"), lambda device: device.imei, code=True),
        Column("category", _("Category"), lambda device: device.category),
        Column("location", _("Location"), _where),
        Column("team", _("Team"), _team),
        Column("cost_centre", _("Cost centre"), _cost_centre),
        Column("distributor", _("Distributor"), lambda device: device.distributor),
        Column("purchased", _("Purchase date"), lambda device: day_short(device.purchased_on)),
        Column("price", _("Purchase price"), lambda device: money(device.purchase_price, device.currency)),
        Column("provider", _("Leasing provider"), _of_contract(lambda contract: contract.provider)),
        Column("contract_number", _("Contract number"), _of_contract(lambda contract: contract.number), code=True),
        Column("monthly_cost", _("Monthly cost"),
               _of_contract(lambda contract: money(contract.monthly_cost, contract.currency))),
        Column("lease_end", _("Lease ends"), _of_contract(lambda contract: day_short(lease_ends_on(contract)))),
        Column("changed", _("Last changed"), lambda device: moment(device.changed_at)),
    ]
}  # fmt: skip
USUAL = ("holder", "renewal", "contract", "payor")
NONE = "none"  # in an address: no column besides those that always stand there


def chosen_columns(keys: Iterable[str]) -> list[Column]:
    """The columns of these keys and those that always stand there, in the table's order."""
    wanted = {*keys, *ALWAYS}
    return [column for column in COLUMNS.values() if column.key in wanted]


def columns_in(values: Iterable[str]) -> list[str]:
    """The keys that an address names, one by one or with commas between; what is no column is left out."""
    named = {key for value in values for key in value.split(",")}
    return [key for key in COLUMNS if key in named and key not in ALWAYS]


def last_change():
    """When the journal last says something of a device: the moment for its row."""
    entries = Entry.objects.filter(about_type="assets.device", about_id=OuterRef("pk")).order_by("-version")
    return Subquery(entries.values("at")[:1])
