"""The next monthly summary, for the page of planned mail."""

from datetime import date, time

from django.utils.translation import gettext as _

from renewals.buyouts.summary import SUMMARY, drafts_of
from renewals.models import Policy
from velory import clock
from velory.agenda.models import Due
from velory.post.planned import Planned, plans
from velory.tenancy.context import current_company


def summary_to_come(ref):
    """The letter as it would read now, of what has happened in the month so far."""
    if not Policy.here().summary_mail or not _waiting().filter(ref=ref).exists():
        return None
    drafts = drafts_of(date.fromisoformat(f"{ref}-01"), at=clock.now())
    return drafts[0] if drafts else None


@plans("buyout_summaries", letter=summary_to_come)
def planned_summaries(until, words):
    """One row, where it is asked for; nobody searches for it by name."""
    if words or not Policy.here().summary_mail:
        return []
    end = clock.local(until, time(23, 59))
    return [_as_planned(due) for due in _waiting().filter(due_at__lte=end).order_by("due_at")]


def _waiting():
    return Due.objects.filter(company_id=current_company().pk, kind=SUMMARY)


def _as_planned(due):
    address = Policy.here().summary_to
    return Planned(
        at=due.due_at, name=_("Finance") if address else _("The admins"), address=address,
        what=_("Buy-outs of the month"), ref=due.ref,
    )  # fmt: skip
