"""Why a reminder was not sent, by its code: the ledger keeps the code, the reader gets a sentence."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WORDS = {
    "superseded": gettext_lazy("A later stage was open already; only the newest goes out."),
    "date_moved": gettext_lazy("The renewal date was moved to {renewal_on}."),
    "date_removed": gettext_lazy("The renewal date was taken away."),
    "holder_changed": gettext_lazy("Somebody else has the device now."),
    "has_holder": gettext_lazy("Its holder is told."),
    "path_changed": gettext_lazy("The device follows another path now."),
    "archived": gettext_lazy("The device is archived."),
    "choice_made": gettext_lazy("The choice was already made."),
    "not_in_use": gettext_lazy("The device is not in use yet."),
    "in_repair": gettext_lazy("The device needs repair; it is told when it is back."),
    "buyout_under_way": gettext_lazy("A buy-out is under way."),
    "person_left": gettext_lazy("The holder has left."),
    "feature_off": gettext_lazy("The end of life of leased devices is not part of your company's plan."),
    "reminder_off": gettext_lazy("The company has switched this reminder off."),
    "lent": gettext_lazy("It is only lent to them; the admins are told when it is back."),
    "mail_off": gettext_lazy("The company has switched mail to employees off."),
    "no_admin": gettext_lazy("No admin can be written to."),
    "no_address": gettext_lazy("The holder has no mail address."),
    "in_space": gettext_lazy("The device stands in a space."),
    "unassigned": gettext_lazy("Nobody has the device."),
    "letter_failed": gettext_lazy("The letter could not be delivered."),
    "fault": gettext_lazy("Something went wrong while the letter was written. Velory's operators can see what."),
    "letter_voided": gettext_lazy("The letter was called off before it went out."),
}
BY_CHOICE = {"reminder_off", "mail_off", "lent"}  # the company's own doing: what it held back stays back


def words(code: str, facts: dict) -> str:
    """The sentence of a reason in the reader's language; empty where there is none."""
    if not code:
        return ""
    day = facts.get("moved_to")
    moved_to = date_format(date.fromisoformat(day), "j F Y") if day else _("another date")
    return str(WORDS.get(code, code)).format(renewal_on=moved_to)
