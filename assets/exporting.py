"""Lists of devices as files. The hardware list has the import's columns, so that it can be brought back."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from assets.importing.columns import COLUMNS
from velory.ui.files import as_a_cell

MORE = ["reference", "status"]  # for the reader; the import leaves them aside


def device_rows(devices) -> Iterator[list]:
    """A heading and a line for each device, in the order that they have."""
    yield [*COLUMNS, *MORE]
    shown = devices.with_what_a_list_shows().select_related("holder__approver")
    for device in shown.iterator(chunk_size=1000):
        holder = device.holder if device.holder and device.holder.email else None  # no file can name one without
        known = holder_cells(holder) | device_cells(device) | lease_cells(device.open_contract)
        yield [cell(known.get(column, "")) for column in [*COLUMNS, *MORE]]


def people_rows(people) -> Iterator[list]:
    """A heading and a line for each person, in the order that they have."""
    yield [*COLUMNS]
    for person in people.select_related("location", "team", "approver").iterator(chunk_size=1000):
        known = holder_cells(person)
        yield [cell(known.get(column, "")) for column in COLUMNS]


def cell(value):
    """A value as reading it gives it back: text on one line."""
    return value if value is None or isinstance(value, date | Decimal | int) else as_a_cell(str(value))


def device_cells(device) -> dict:
    """What is known of a device, by the import's columns."""
    return {
        "device_id": key_of(device),
        "product_name": device.name, "category": device.category.name, "serial_number": device.serial,
        "imei": device.imei, "space": device.space or "",
        "distributor": device.distributor or "", "contract_type": "leased" if device.is_leased else "one-off",
        "purchase_price": device.purchase_price, "buyout_price": device.buyout_price, "currency": device.currency,
        "purchase_date": device.purchased_on,
        "renewal_date": device.renewal_on, "payor": device.payor, "reference": device.ref, "status": device.status,
    }  # fmt: skip


def key_of(device) -> str:
    """The company's own number; the reference where no number is known, or none that a file can hold as it is."""
    number, known_by = device.number, device.number or device.serial
    return number if known_by and as_a_cell(known_by) == known_by else device.ref


def lease_cells(contract) -> dict:
    """The terms of an open contract; nothing where there is none."""
    if contract is None:
        return {}
    return {
        "leasing_provider": contract.provider or "", "contract_number": contract.number,
        "contract_start": contract.starts_on, "contract_months": contract.months,
        "monthly_cost": contract.monthly_cost, "acquisition_price": contract.acquisition_price,
        "residual_percent": contract.residual_percent,
    }  # fmt: skip


def holder_cells(person) -> dict:
    """Who has it; nothing where nobody has."""
    if person is None:
        return {}
    return {
        "email": person.email, "first_name": person.first_name, "last_name": person.last_name,
        "user_role": person.role, "phone": person.phone, "language": person.language,
        "location": person.location or "", "team": person.team or "", "employee_number": person.employee_number,
        "cost_centre": person.cost_centre, "approver_email": person.approver.email if person.approver else "",
        "first_employment_date": person.first_day_on, "last_employment_date": person.last_day_on,
    }  # fmt: skip
