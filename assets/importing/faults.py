"""Why a row is refused, and what helps: a code and its facts are kept, the words come in the reader's language."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, tuple[Any, Any]] = {  # code: (why, what helps)
    # The row as it was read
    "too_long": (_("This cell holds %(length)s characters; 2,000 is the most."), _("Shorten it.")),
    "unclosed": (
        _("A quotation mark opens here and is not closed in its place."),
        _("Close it, or write two quotation marks where one is meant."),
    ),
    "undecodable": (
        _("Some characters here could not be read."),
        _("Save the file as UTF-8 and write this cell again."),
    ),
    "too_many_cells": (
        _("This row has more cells than there are headings."),
        _("Put the cell that holds a separator between quotation marks."),
    ),
    "control": (_("This cell holds a character that cannot be kept."), _("Write the cell again, as plain text.")),
    "merged": (
        _("This cell is merged with others, so its value may be meant for one row or for several."),
        _("Take the merging apart and fill in each cell."),
    ),
    "error_cell": (_("This cell holds an error: %(error)s."), _("Write the value that belongs here.")),
    "not_worked_out": (
        _("This cell holds a formula without a result."),
        _("Open the workbook in your spreadsheet program and save it, or write the value."),
    ),
    "made_a_date": (
        _("A spreadsheet has made a date of this."),
        _("Format the column as text and write the value again."),
    ),
    # Cells
    "formula": (
        _("This cell starts a formula."),
        _("Write its value, or put an apostrophe before it if it is meant as text."),
    ),
    "shortened": (
        _("A spreadsheet has shortened this number."),
        _("Format the column as text and enter the whole number."),
    ),
    "too_wide": (_("This is longer than %(most)s characters."), _("Shorten it.")),
    "email": (_("This is not an e-mail address."), _("Write it as name@company.com.")),
    "email_letters": (
        _("This address has letters that an e-mail address can't have."),
        _("Write it with letters from a to z."),
    ),
    "no_such_date": (_("There is no such day: %(date)s."), _("Write the date as 2027-02-28: year, month, day.")),
    "date": (_("This isn't a date that we can read."), _("Write it as 2027-02-28: year, month, day.")),
    "ambiguous_date": (
        _("This may be %(first)s or %(second)s."),
        _("Write the year first, or say in “Match the columns” which comes first, the day or the month."),
    ),
    "serial_date": (
        _("A spreadsheet has stored this date as a number."),
        _("Format the column as a date such as 2027-02-28, and save again."),
    ),
    "far_date": (_("%(date)s is too far away to be right."), _("Check the year.")),
    "amount": (_("This isn't an amount we can read."), _("Write 18990 or 18990.00, without a currency sign.")),
    "ambiguous_amount": (
        _("This may be %(first)s or %(second)s."),
        _("Write it without a mark between the thousands."),
    ),
    "negative": (_("An amount is never below zero."), _("Write it without a minus sign.")),
    "big_amount": (_("This amount is too large."), _("Check the number of digits.")),
    "decimals": (_("An amount has two decimals at most."), _("Round it to two decimals.")),
    "percent": (_("A percentage lies between 0 and 100."), _("Write 12 or 12.5.")),
    "months": (_("This isn't a number of months."), _("Write a whole number from 1 to 120.")),
    "imei_length": (_("An IMEI has 15 digits; this one has %(digits)s."), _("Dial *#06# on the phone to see it.")),
    "imei_letters": (_("An IMEI is made of digits only."), _("Dial *#06# on the phone to see it.")),
    "imei_check": (_("This IMEI has a wrong check digit."), _("Compare it with *#06# on the phone.")),
    "currency": (_("There is no currency with this code."), _("Write three letters, such as SEK or EUR.")),
    "choice": (_("This is none of the values that can stand here."), _("Write one of: %(known)s.")),
    # People
    "no_email": (_("A person is known by an e-mail address, and there is none."), _("Fill in email.")),
    "new_person_needs": (
        _("%(email)s is new, and a new person needs a first and a last name."),
        _("Fill in the name."),
    ),
    "new_person_like": (
        _("%(email)s is new, and a new person needs a first and a last name."),
        _("If you mean %(like)s, correct the address."),
    ),
    "unknown_leaver": (
        _("Nobody here has the e-mail %(email)s."),
        _("Correct the address. A file of last days brings nobody new."),
    ),
    "unknown_leaver_like": (
        _("Nobody here has the e-mail %(email)s."),
        _("If you mean %(like)s, correct the address. A file of last days brings nobody new."),
    ),
    "no_last_day": (_("The row names no last day."), _("Fill in last_employment_date, or leave the row out.")),
    "says_otherwise": (
        _("Row %(row)s says “%(other)s” of the same person."),
        _("A person has one value here. Make the rows say the same."),
    ),
    "days_in_order": (_("The last day lies before the first."), _("Correct one of the two dates.")),
    "own_approver": (_("Nobody approves for themselves."), _("Name somebody else, or clear the cell.")),
    "approver_missing": (
        _("The approver %(email)s is neither known nor in a row that is accepted."),
        _("Add the person, or clear the cell."),
    ),
    "own_role": (_("Nobody takes the admin's role from themselves."), _("Let another admin do it, or clear the cell.")),
    "last_admin": (_("This is the last admin."), _("Make somebody else an admin first.")),
    "not_yours_to_give": (_("You may not give this role."), _("An admin can.")),
    "left": (_("%(who)s no longer has access, so nothing can be given to them."), _("Name somebody else.")),
    # Devices
    "no_key": (
        _("A device is known by its own number or its serial number, and there is neither."),
        _("Fill in device_id or serial_number."),
    ),
    "new_device_needs": (_("This device is new, and a new one needs this."), _("Fill in the cell.")),
    "holder_and_space": (_("A device has a holder or a space, never both."), _("Clear one of the two cells.")),
    "same_in_row": (
        _("Row %(row)s has the same value."),
        _("Two devices can't share one. Keep the row that is right."),
    ),
    "taken": (_("%(device)s has it already."), _("Two devices can't share one. Check which is right.")),
    "two_devices": (
        _("The serial number belongs to another device: %(device)s."),
        _("Correct device_id or serial_number, so that both mean the same device."),
    ),
    "archived": (_("This device is archived: %(status)s."), _("Restore it on its page first, or leave the row out.")),
    "hands": (
        _("It can't change hands while it is “%(status)s”."),
        _("Clear the person or space, or finish what is going on."),
    ),
    "not_leased": (
        _("This belongs to a lease, and the row does not say that the device is leased."),
        _("Write leased in contract_type, or clear this cell."),
    ),
    "is_leased": (_("The device is leased here, and the file says that it is not."), _("Correct the contract type.")),
    "lease_closed": (_("Its lease has ended."), _("Register a new lease on the device's page.")),
    "dates_in_order": (_("The renewal date lies before the purchase date."), _("Correct one of the two dates.")),
    "nothing": (_("This row speaks of neither a person nor a device."), _("Fill in an e-mail address or a device.")),
    # While it was applied
    "meanwhile_added": (
        _("%(what)s was added meanwhile."),
        _("Import the file again: what is the same stays as it is."),
    ),
    "meanwhile_changed": (
        _("%(what)s has changed since the preview."),
        _("Import the file again to see what it would change now."),
    ),
    "meanwhile_gone": (_("%(what)s is not here any more."), _("Import the file again.")),
    "not_applied": (_("%(what)s could not be added, so this row has nobody to refer to."), _("Import the file again.")),
    "stopped": (_("The import was stopped before this row."), _("Import the file again.")),
    "database": (_("It does not fit with what was added meanwhile."), _("Import the file again.")),
}


OF_ONE_CELL = {"error_cell", "not_worked_out"}
"""Faults of a cell that spoil nothing where its column is left out."""


@dataclass(eq=False)
class Fault(Exception):
    """Why a row is refused: which column, what stood there, a code for the words and the facts in them."""

    code: str
    column: str = ""
    cell: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    def stored(self) -> dict:
        """As JSON, with the cell cut to what a page shows; a NUL, which the database can't keep, as its picture."""
        return asdict(self) | {"column": keepable(self.column), "cell": keepable(self.cell[:120])}

    @classmethod
    def of(cls, stored: dict) -> "Fault":
        """From JSON."""
        return cls(**stored)

    @property
    def why(self) -> str:
        """What is wrong, as a sentence."""
        return str(WORDS[self.code][0]) % self._facts_in_words()

    @property
    def help(self) -> str:
        """What helps, as a sentence."""
        return str(WORDS[self.code][1]) % self._facts_in_words()

    def _facts_in_words(self):
        from assets.lifecycle import Status

        status = self.facts.get("status")
        return self.facts | ({"status": str(Status(status).label)} if status else {})

    def __str__(self):
        return f"{self.why} {self.help}"


def keepable(text: str) -> str:
    """A text as the database can keep it."""
    return text.replace("\0", "\u2400")
