"""Makers of files: rows as an admin's spreadsheet would have them."""

import csv
import io
from datetime import date, timedelta

from stdnum import luhn


def a_file(*rows, headings=None, separator=",", ends="\r\n", encoding="utf-8") -> bytes:
    """A CSV file of rows, each a dict by heading; headings as they first occur in the rows."""
    headings = headings or list(dict.fromkeys(heading for row in rows for heading in row))
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator=ends)
    writer.writerow(headings)
    writer.writerows([row.get(heading, "") for heading in headings] for row in rows)
    return text.getvalue().encode(encoding)


def a_person_row(**cells):
    """Nils Wikström of Nordvik."""
    return {"email": "nils.wikstrom@nordvik.example", "first_name": "Nils", "last_name": "Wikström"} | cells


def a_device_row(**cells):
    """A phone that is bought, not leased."""
    return {
        "device_id": "D-00001",
        "product_name": "Fairphone 5",
        "category": "Phones",
        "serial_number": "Y0QKFMKQQA7M",
        "contract_type": "one-off",
    } | cells


def an_imei(number: int) -> str:
    """A valid IMEI."""
    start = f"35{number:012}"
    return start + luhn.calc_check_digit(start)


def many_rows(count: int):
    """People with a device each, as large companies send them."""
    for number in range(count):
        leased = number % 2 == 0
        bought = date(2025, 1, 1) + timedelta(days=number % 600)
        yield {
            "email": f"karin.strom{number}@nordvik.example", "first_name": "Karin", "last_name": f"Ström {number}",
            "user_role": "employee", "phone": f"+46 70 {number:07}", "language": "sv",
            "location": f"Kontor {number % 40}", "team": f"Grupp {number % 120}", "employee_number": str(1000 + number),
            "cost_centre": "4100", "approver_email": "karin.strom7@nordvik.example" if number != 7 else "",
            "first_employment_date": "2019-03-01", "device_id": f"D-{number:06}", "product_name": "Fairphone 5",
            "category": "Phones", "serial_number": f"SN{number:09}", "imei": an_imei(number), "distributor": "Atea",
            "contract_type": "leased" if leased else "one-off", "leasing_provider": "DLL" if leased else "",
            "contract_number": f"L-{number}" if leased else "", "contract_start": bought.isoformat() if leased else "",
            "contract_months": "36" if leased else "", "monthly_cost": "302.90" if leased else "",
            "acquisition_price": "6990" if leased else "", "residual_percent": "12" if leased else "",
            "purchase_price": "" if leased else "6990", "currency": "SEK", "purchase_date": bought.isoformat(),
            "renewal_date": (bought + timedelta(days=1095)).isoformat(), "payor": "company",
            "notes": "Laddare saknas" if number % 3 == 0 else "",
        }  # fmt: skip
