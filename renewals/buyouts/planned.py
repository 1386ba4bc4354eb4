"""The next monthly summary, for the page of planned mail."""

from datetime import date, time

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renewals.buyouts.summary import SUMMARY, drafts_of
from renewals.models import Policy
from velory import clock
from velory.agenda.models import Due
from velory.post.planned import PAUSE, Planned, plans
from velory.tenancy.context import current_company


def summary_to_come(ref):
    """The letter as it would read now, of the month so far. `ref`: the month, and whose it is: 2026-11-P-7K4M29."""
    month, recipient = ref[:7], ref[8:]
    if not Policy.here().summary_mail or not _waiting().filter(ref=month).exists():
        return None
    drafts = [letter for letter in _drafts(month) if recipient == (letter.person.ref if letter.person else "")]
    return drafts[0] if drafts else None


@plans(
    "buyout_summaries", letter=summary_to_come, label=gettext_lazy("Buy-outs of the month"), may=(PAUSE,),
    why_not=gettext_lazy("The month is not over yet, so it is not sent ahead."),
)  # fmt: skip
def planned_summaries(until, words):
    """One for finance; where it has no address, one for each admin."""
    if not Policy.here().summary_mail:
        return []
    end = clock.local(until, time(23, 59))
    rows = [row for due in _waiting().filter(due_at__lte=end).order_by("due_at") for row in _as_planned(due)]
    return [row for row in rows if words.lower() in f"{row.name} {row.address}".lower()]


def _waiting():
    return Due.objects.filter(company_id=current_company().pk, kind=SUMMARY)


def _drafts(month):
    return drafts_of(date.fromisoformat(f"{month}-01"), at=clock.now())


def _as_planned(due):
    return [
        Planned(
            at=due.due_at, name=letter.to_name or _("Finance"), address=letter.to, what=_("Buy-outs of the month"),
            ref=f"{due.ref}-{letter.person.ref}" if letter.person else due.ref, key=letter.key,
        )
        for letter in _drafts(due.ref)
    ]  # fmt: skip
