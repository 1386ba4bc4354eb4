"""What the event log says of support access."""

from django.utils.translation import gettext_lazy as _

from velory.journal.sentences import says
from velory.operators.deeds import tells

ACCESS = "support.supportaccess"


def allowed(details):
    """By an admin, or by the company's setting (then nobody stands in `by`)."""
    return _("Support access {thing} for {operator} was allowed for {hours} h ({by}).")


def ended(details):
    """By an admin, by the operator, or because its time was over."""
    if details.get("ended_by"):
        return _("{ended_by} ended their support access {thing}: {looks} pages were looked at.")
    return _("Support access {thing} of {operator} ended ({by}): {looks} pages were looked at.")


says(ACCESS, "ask", _("{operator} of Velory’s support asked to look at these pages ({thing}): {why}"))
says(ACCESS, "allow", allowed)
says(ACCESS, "refuse", _("{by} refused the support access {thing} of {operator}."))
says(ACCESS, "open", _("{operator} of Velory’s support opened these pages ({thing})."))
says(ACCESS, "end", ended)
says("support.supportsettings", "change", _("{by} changed the settings for support: {changes}."))
tells("ask_support", _("{by} asked for support access: {reason}"), concerns_company=True)
tells("open_support", _("{by} opened the company’s pages as support."), concerns_company=True)
tells("end_support", _("{by} ended their support access."), concerns_company=True)
