"""What the event log and the console say of erasing."""

from django.utils.translation import gettext_lazy as _

from velory.journal.sentences import says
from velory.operators.deeds import tells


def confirmed(details):
    """By an operator, or by an admin of the company."""
    if details.get("operator"):
        return _("{operator}, an operator of Velory, confirmed that the company is erased ({thing}).")
    return _("{by} confirmed that the company is erased ({thing}).")


def called_off(details):
    """By an operator, or by an admin of the company."""
    if details.get("operator"):
        return _("{operator}, an operator of Velory, called the erasing off ({thing}).")
    return _("{by} called the erasing off ({thing}).")


says("erasing.erasure", "ask", _("{operator}, an operator of Velory, asked to erase the company ({thing}): {reason}"))
says("erasing.erasure", "confirm", confirmed)
says("erasing.erasure", "call_off", called_off)
tells("ask_erasing", _("{by} asked to erase the company: {reason}"), concerns_company=True)
tells("confirm_erasing", _("{by} confirmed that the company is erased."), concerns_company=True)
tells("admin_confirms_erasing", _("An admin of the company confirmed that it is erased."), concerns_company=True)
tells("call_off_erasing", _("{by} called the erasing off."), concerns_company=True)
tells("admin_calls_off_erasing", _("An admin of the company called the erasing off."), concerns_company=True)
tells("close_for_erasing", _("The company was closed; it is erased in 30 days."), concerns_company=True)
tells("hand_over_export", _("{by} fetched the export to hand it over."), concerns_company=True)
tells("export", _("{by} asked for an export of all data and files."), concerns_company=True)
