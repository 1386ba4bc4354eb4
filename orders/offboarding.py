"""What orders knows of somebody who leaves: requests, who answers them, budget, salary, saved cards."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assets.offboarding.matters import Matter, lists_matters
from orders.budgets.standing import grant_of
from orders.models import Deduction, Delegation, ProductRequest, StoreSettings
from velory.payments.models import Card
from velory.tenancy.context import current_company
from velory.ui.dates import day_long


@lists_matters(order=20)
def what_they_asked_for(person, *, today):
    """Requests that wait: withdrawn by themselves after the last day."""
    if not current_company().has("store"):
        return []
    open_ones = ProductRequest.objects.undecided().concerning(person).order_by("pk")
    return [
        Matter(_("Request %s") % request.ref, _("Not answered. It is withdrawn by itself after the last day."),
               reverse("orders:request", args=[request.ref]), _("See the request"))
        for request in open_ones
    ]  # fmt: skip


@lists_matters(order=15)
def what_they_answer_for(person, *, today):
    """The company's approver, and who stands in for whom."""
    if not current_company().has("store"):
        return []
    found = []
    if StoreSettings.objects.filter(approver=person).exists():
        found.append(Matter(_("The company’s approver"), _("Name somebody else in the store’s settings."),
                            reverse("assets:settings"), _("Open the settings"), todo=True))  # fmt: skip
    waiting = ProductRequest.objects.pending().filter(approver=person).count()
    if waiting:
        text = ngettext("%(n)s request waits for their answer", "%(n)s requests wait for their answer", waiting)
        found.append(Matter(text % {"n": waiting}, _("An admin can answer in their place."),
                            reverse("orders:requests"), _("See the requests"), todo=True))  # fmt: skip
    for row in Delegation.objects.not_over(today).filter(deputy=person).select_related("approver"):
        text = _("Answers for %(who)s until %(day)s") % {"who": row.approver, "day": day_long(row.until_on)}
        about = _("%s names somebody else under Your details.") % row.approver
        found.append(Matter(text, about, row.approver.get_absolute_url(), _("Show the person"), todo=True))
    for row in Delegation.objects.not_over(today).filter(approver=person).select_related("deputy"):
        text = _("%(who)s answers for them until %(day)s") % {"who": row.deputy, "day": day_long(row.until_on)}
        found.append(Matter(text, _("It ends with them: nobody asks them any more.")))
    return found


@lists_matters(order=30)
def their_budget_and_salary(person, *, today):
    """What they may still spend, what is still taken from their salary, which cards are kept."""
    if not current_company().has("store"):
        return []
    found = []
    if grant := grant_of(person):
        about = _("Nothing can be ordered on it after the last day. What they spent stays in its figures.")
        found.append(Matter(_("Budget: %s") % grant.budget, about, person.get_absolute_url(), _("Show the person")))
    taken = Deduction.objects.of(person).filter(kind=Deduction.Kind.DEDUCT, undone_by=None)
    running = [row for row in taken if row.months and not _is_over(row, today)]
    if running:
        text = ngettext("%(n)s salary deduction runs on", "%(n)s salary deductions run on", len(running))
        about = _("Settle what is left with whoever pays the salaries: their last salary is the last one.")
        address = f"{reverse('orders:deductions')}?q={person.last_name}"
        found.append(Matter(text % {"n": len(running)}, about, address, _("See the deductions"), todo=True))
    for card in Card.objects.of(person).saved():
        about = _("It is forgotten by itself when no request needs it.")
        found.append(Matter(_("Saved card ending %s") % card.last4, about))
    return found


def _is_over(row, today) -> bool:
    from dateutil.relativedelta import relativedelta

    return row.on + relativedelta(months=row.months) <= today
