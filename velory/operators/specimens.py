"""Specimens of the operators' letters, as they write them to a company's admins and to whoever signs up."""

from velory.operators.openings import HOURS
from velory.post.specimens import specimen

COMPANY = {"slug": "nordvik", "name": "Nordvik Energi AB", "address": "https://nordvik.velory.example/"}


@specimen("operators/confirm_sign_up", to_partner=True)
def a_sign_up():
    """Of a company that opens itself."""
    link = "https://velory.example/sign-up/confirm/preview/"
    return COMPANY | {"opening": "O-SPECIMEN", "link": link, "hours": HOURS}


@specimen("operators/suspended", "operators/resumed", to_partner=True)
def a_suspension():
    """Of a company that is closed for a while."""
    return COMPANY | {"reason": "Invoice 1042 is 60 days overdue.", "whom": "support@velory.example"}
