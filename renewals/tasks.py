"""What hangs on the agenda: the letters of a morning, and the look at the whole ledger at night."""

from django.utils.translation import gettext_lazy

from renewals.audit import AUDIT, audit, put_next_audit
from renewals.buyouts.summary import put_next_summary
from renewals.digest.weekly import put_next_digest
from renewals.planner import LETTERS
from renewals.sweep import sweep
from velory.agenda import book


@book.does(LETTERS, label=gettext_lazy("Sending the morning’s reminders"))
def remind_of_what_is_due(ref, at):
    """The sweep puts its own next moment on the agenda."""
    sweep(at)


@book.does(AUDIT, apart=True, unnoticed=True, label=gettext_lazy("Checking the planned reminders"))
def look_at_the_whole_ledger(ref, at):
    """Every night; the next one is put down first, so that a failing night does not end the series."""
    put_next_audit(at)
    put_next_digest(at)
    put_next_summary(at)
    audit(at)
