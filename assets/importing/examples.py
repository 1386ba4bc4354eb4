"""A file to fill in, with rows that show what one can hold: a person and a device, a device in a space or of nobody."""

from django.views.decorators.http import require_safe

from assets.importing.columns import COLUMNS
from assets.importing.uploading import csv_to_keep
from velory.people.doors import for_admins
from velory.tenancy.context import current_company

ROWS = [
    {
        "email": "ebba.jonsson@nordvik.example", "first_name": "Ebba", "last_name": "Jonsson", "user_role": "employee",
        "language": "sv", "location": "Göteborg", "team": "Ekonomi", "employee_number": "EXAMPLE-1",
        "device_id": "EXAMPLE-1", "product_name": "Apple iPhone 15 128 GB", "category": "Phones",
        "serial_number": "EXAMPLE0001", "distributor": "Atea", "contract_type": "leased",
        "leasing_provider": "3 Step IT", "contract_number": "EXAMPLE-1", "contract_start": "2025-05-19",
        "contract_months": "24", "monthly_cost": "411.23", "acquisition_price": "9490", "residual_percent": "12",
        "purchase_date": "2025-05-19", "renewal_date": "2027-05-19", "payor": "company",
    },
    {
        "device_id": "EXAMPLE-2", "product_name": "Dell U2723QE", "category": "Screens",
        "serial_number": "EXAMPLE0002", "space": "Reception", "distributor": "Dustin", "contract_type": "one-off",
        "purchase_price": "6290", "purchase_date": "2023-12-04", "renewal_date": "2026-12-04", "payor": "company",
    },
    {
        "device_id": "EXAMPLE-3", "product_name": "Dell Latitude 7450", "category": "Computers",
        "serial_number": "EXAMPLE0003", "distributor": "Dustin", "contract_type": "one-off",
        "purchase_price": "18990", "purchase_date": "2024-06-11", "renewal_date": "2027-06-11",
        "notes": "Nobody has it yet",
    },
]  # fmt: skip


@require_safe
@for_admins
def examples(request):
    """The headings and three rows to write over, in the company's currency."""
    currency = {"currency": current_company().currency}
    lines = [",".join(COLUMNS)] + [",".join((row | currency).get(code, "") for code in COLUMNS) for row in ROWS]
    return csv_to_keep("velory-examples.csv", "".join(f"{line}\r\n" for line in lines))
