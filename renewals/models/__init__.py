from renewals.models.feed import CalendarFeed
from renewals.models.policy import Depreciation, Policy
from renewals.models.quote import Quote
from renewals.models.reminder import Reminder
from renewals.models.renewal import Choice, Renewal
from renewals.models.returning import Return
from renewals.models.terms import TERMS, Terms

__all__ = [
    "TERMS", "CalendarFeed", "Choice", "Depreciation", "Policy", "Quote", "Reminder", "Renewal", "Return", "Terms",
]  # fmt: skip
