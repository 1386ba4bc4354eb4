"""The columns of an import: what each is called in a file, in both languages, and what it says of whom."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

PERSON, DEVICE, LEASE = "person", "device", "lease"


@dataclass(frozen=True)
class Column:
    """One column. `kind` says how its cells are read, `field` where the value goes, `most` how long text may be."""

    code: str
    of: str
    kind: str
    field: str
    label: object
    synonyms: str
    most: int = 80


COLUMNS = {
    column.code: column
    for column in [
        Column("email", PERSON, "email", "email", _("E-mail"),
               "e-mail|mail|email address|user email|e-post|epost|e-postadress|mejl|mailadress"),
        Column("first_name", PERSON, "text", "first_name", _("First name"), "firstname|given name|förnamn"),
        Column("last_name", PERSON, "text", "last_name", _("Last name"), "lastname|surname|family name|efternamn"),
        Column("user_role", PERSON, "role", "role", _("Role"), "role|user type|roll|användarroll|behörighet"),
        Column("phone", PERSON, "text", "phone", _("Phone"),
               "phone number|mobile|telefon|telefonnummer|mobilnummer", 40),
        Column("language", PERSON, "language", "language", _("Language"), "språk"),
        Column("location", PERSON, "text", "location", _("Location"), "office|site|ort|plats|kontor|arbetsplats"),
        Column("team", PERSON, "text", "team", _("Team"), "department|grupp|avdelning|enhet (organisation)"),
        Column("employee_number", PERSON, "text", "employee_number", _("Employee number"),
               "employee id|employee no|staff number|anställningsnummer|anställningsnr|personalnummer", 40),
        Column("cost_centre", PERSON, "text", "cost_centre", _("Cost centre"),
               "cost center|kostnadsställe|kst", 40),
        Column("approver_email", PERSON, "email", "approver", _("Approver"),
               "approver|manager|manager email|attestant|godkännare|chef|chefens e-post"),
        Column("first_employment_date", PERSON, "day", "first_day_on", _("First day"),
               "first day|start date|employment start|employed from|första arbetsdag|anställd från|anställningsdatum"),
        Column("last_employment_date", PERSON, "day", "last_day_on", _("Last day"),
               "last day|end date|employment end|employed until|sista arbetsdag|anställd till|slutdatum"),
        Column("device_id", DEVICE, "text", "number", _("Company's own number"),
               "asset id|asset tag|asset number|device number|inventory number|inventarienummer|enhetsnummer|enhets-id",
               60),
        Column("product_name", DEVICE, "text", "name", _("Product"),
               "product|model|device|device name|produkt|produktnamn|modell|enhet", 120),
        Column("category", DEVICE, "category", "category", _("Category"),
               "device type|type|kategori|typ|enhetstyp"),
        Column("serial_number", DEVICE, "text", "serial", _("Serial number"),
               "serial|serial no|serial nr|s/n|sn|serienummer|serienr", 60),
        Column("imei", DEVICE, "imei", "imei", _("IMEI"), "imei number|imei-nummer|imei 1"),
        Column("space", DEVICE, "text", "space", _("Space"), "room|utrymme|rum"),
        Column("distributor", DEVICE, "text", "distributor", _("Distributor"),
               "supplier|vendor|reseller|distributör|leverantör|återförsäljare"),
        Column("contract_type", DEVICE, "contract_type", "", _("Contract type"),
               "ownership|agreement type|avtalstyp|kontraktstyp|ägandeform"),
        Column("leasing_provider", LEASE, "text", "provider", _("Leasing provider"),
               "lessor|leasing company|leasingleverantör|leasingbolag|leasegivare"),
        Column("contract_number", LEASE, "text", "number", _("Contract number"),
               "lease number|contract no|agreement number|avtalsnummer|kontraktsnummer|leasingnummer", 60),
        Column("contract_start", LEASE, "date", "starts_on", _("Contract start"),
               "lease start|contract start date|avtalsstart|kontraktsstart|leasingstart"),
        Column("contract_months", LEASE, "months", "months", _("Months"),
               "lease months|contract length|term|term months|avtalstid|avtalsmånader|löptid|månader"),
        Column("monthly_cost", LEASE, "amount", "monthly_cost", _("Monthly cost"),
               "monthly fee|monthly price|cost per month|månadskostnad|månadsavgift|kostnad per månad"),
        Column("acquisition_price", LEASE, "amount", "acquisition_price", _("Acquisition price"),
               "acquisition cost|anskaffningspris|anskaffningsvärde"),
        Column("residual_percent", LEASE, "percent", "residual_percent", _("Residual percent"),
               "residual|residual value percent|residual %|restvärde|restvärde %|restvärdesprocent|restvärde procent"),
        Column("purchase_price", DEVICE, "amount", "purchase_price", _("Purchase price"),
               "price|net price|inköpspris|köpesumma|pris"),
        Column("buyout_price", DEVICE, "amount", "buyout_price", _("Buy-out price"),
               "buyout price|buy-out price|buyout value|utköpspris|utköpsvärde"),
        Column("currency", DEVICE, "currency", "currency", _("Currency"), "valuta"),
        Column("purchase_date", DEVICE, "date", "purchased_on", _("Purchase date"),
               "purchased|bought|date of purchase|inköpsdatum|köpdatum"),
        Column("renewal_date", DEVICE, "date", "renewal_on", _("Renewal date"),
               "renewal|end of life|eol|replacement date|förnyelsedatum|utbytesdatum|bytesdatum"),
        Column("payor", DEVICE, "payor", "payor", _("Payor"), "payer|paid by|betalare|betalas av"),
        Column("notes", DEVICE, "note", "", _("Note"),
               "note|comment|comments|anteckning|anteckningar|kommentar|notering", 2000),
    ]
}  # fmt: skip

# A row with nothing but these says nothing of a device: a spreadsheet fills them down its whole length
FILLERS = {"currency", "payor", "contract_type", "category"}

# Headings that our own files add for the reader: left out without asking
OURS = {"reason", "orsak", "skäl", "reference", "status"}
REASONS = {"reason", "orsak", "skäl"}


def normal_heading(heading: str) -> str:
    """A heading as it is compared: lower case, one blank between words, whatever stood there."""
    text = unicodedata.normalize("NFC", heading).casefold()
    return re.sub(r"[\s_./:*-]+", " ", text).strip()[:200]


_known = {
    normal_heading(name): column.code
    for column in COLUMNS.values()
    for name in [column.code, *column.synonyms.split("|")]
}


def column_for(heading: str) -> str:
    """The column that a heading names by itself, or an empty text."""
    return _known.get(normal_heading(heading), "")


def proposed(headings: Iterable[str], remembered: dict[str, str]) -> list[str]:
    """For each heading the column that it most likely names: as remembered, else by its own words; each once."""
    taken: set[str] = set()
    found = []
    for heading in headings:
        code = remembered.get(normal_heading(heading), column_for(heading))
        code = "" if code in taken or code not in COLUMNS else code
        taken.add(code)
        found.append(code)
    return found
