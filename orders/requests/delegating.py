"""Somebody answers requests in another's place for some days: one deputy a day, named and called back by oneself."""

from datetime import timedelta

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.models import Delegation, StoreSettings
from velory import clock
from velory.journal.reason import Reason, Refused
from velory.journal.sentences import says
from velory.people.forms.place import PersonField
from velory.people.journal import PERSON, note_change
from velory.people.models import Location, Person, Role, Team
from velory.ui.inputs import DayInput

LONGEST = timedelta(days=366)

says(
    PERSON, "named_deputy", gettext_lazy("{thing}: {deputy} answers requests in their place, {from_on} to {until_on}.")
)
says(PERSON, "called_back_deputy", gettext_lazy("{thing}: {deputy} no longer answers requests in their place."))


class DelegationForm(forms.Form):
    """Who answers, and on which days."""

    deputy = PersonField(label=gettext_lazy("Deputy's e-mail"), max_length=254)
    from_on = forms.DateField(label=gettext_lazy("First day"), widget=DayInput, input_formats=["%Y-%m-%d"])
    until_on = forms.DateField(
        label=gettext_lazy("Last day"), widget=DayInput, input_formats=["%Y-%m-%d"],
        help_text=gettext_lazy("It counts too."),
    )  # fmt: skip

    def __init__(self, data=None, *, approver, today):
        super().__init__(data, initial={"from_on": today})
        self.approver, self.today = approver, today

    def clean_deputy(self):
        deputy = self.cleaned_data["deputy"]
        if deputy == self.approver:
            raise forms.ValidationError(_("Name somebody else: you answer for yourself anyway."))
        return deputy

    def clean(self):
        facts = super().clean() or self.cleaned_data
        first, last = facts.get("from_on"), facts.get("until_on")
        if first and first < self.today:
            self.add_error("from_on", _("That day is over."))
        elif first and last and last < first:
            self.add_error("until_on", _("The last day is before the first."))
        elif first and last and last - first > LONGEST:
            self.add_error("until_on", _("A year at most. Name them again after it."))
        return facts


def delegate(approver: Person, *, deputy: Person, from_on, until_on, at) -> Delegation:
    """Let somebody answer in one's place, both days included. Raises Refused where another does on one of them."""
    with transaction.atomic():
        approver.take_hold()
        taken = Delegation.objects.filter(approver=approver, from_on__lte=until_on, until_on__gte=from_on)
        if other := taken.select_related("deputy").first():
            text = _("%(deputy)s answers in your place on some of these days. End that first.")
            raise Refused(Reason("taken", text % {"deputy": other.deputy}))
        made = Delegation.objects.create(approver=approver, deputy=deputy, from_on=from_on, until_on=until_on)
        days = {"from_on": from_on.isoformat(), "until_on": until_on.isoformat()}
        note_change(approver, "named_deputy", by=approver, at=at, deputy=str(deputy), **days)
        return made


def end(delegation: Delegation, *, at) -> None:
    """From now on one answers oneself again; days that were keep their deputy."""
    yesterday = clock.local_date(at) - timedelta(days=1)
    with transaction.atomic():
        delegation.approver.take_hold()
        if delegation.from_on > yesterday:
            delegation.delete()
        else:
            delegation.until_on = min(delegation.until_on, yesterday)
            delegation.save(update_fields=["until_on"])
        by = delegation.approver
        note_change(by, "called_back_deputy", by=by, at=at, deputy=str(delegation.deputy))


def is_approver(person: Person) -> bool:
    """Whether requests of others may come to somebody: by their role, or because they are named somewhere."""
    if person.role in {Role.ADMIN, Role.PURCHASE_MANAGER}:
        return True
    named = any(model.objects.filter(approver=person).exists() for model in (Person, Location, Team))
    return named or StoreSettings.objects.filter(approver=person).exists()


def deputies_of(person: Person, *, today) -> list[Delegation]:
    """Who answers in somebody's place, today or later."""
    return list(Delegation.objects.not_over(today).filter(approver=person).select_related("deputy"))


def deputy_for(person: Person, *, today) -> list[Delegation]:
    """In whose place somebody answers, today or later."""
    known = Delegation.objects.not_over(today).filter(deputy=person).select_related("approver")
    return [delegation for delegation in known if delegation.approver.works_on(today)]
