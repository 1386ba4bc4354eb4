"""People, as an admin sees them: the list, one person, and what can be changed about them."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from velory import clock
from velory.journal.reason import Refused
from velory.people import invitations, leaving
from velory.people.doors import for_admins
from velory.people.forms.person import PersonForm
from velory.people.models import Location, Person, Role, Team
from velory.people.panels import panels_of
from velory.ui.steps import conflict, see_other, seen_version, sent
from velory.ui.tables import Table

SORTS = {
    "name": ("first_name", "last_name"),
    "role": ("role", "first_name"),
    "location": ("location__name", "first_name"),
    "team": ("team__name", "first_name"),
}


@require_safe
@for_admins
def person_list(request):
    """Everybody, by view, search and filter."""
    today = clock.today()
    view = request.GET.get("view", "")
    table, people = people_asked(request, today=today)
    table.show(people.for_the_list())
    page = {"table": table, "views": _views(table, view, today), "roles": Role.choices, **_places()}
    return render(request, "people/person_list.html", page)


def people_asked(request, *, today):
    """The list as its address tells it, and the people of whom it asks, in no order."""
    table = Table(request, sorts=SORTS, default="name", filters=["role", "location", "team"])
    people = _in_view(request.GET.get("view", ""), today)
    people = people.chosen(table.chosen("role"), table.chosen("location"), table.chosen("team"))
    return table, people.matching(table.q)


@require_safe
@for_admins
def person_page(request, ref):
    """One person: facts, what the apps show of them, what happened."""
    person = _person(ref)
    today = clock.today()
    page = {
        "person": person,
        "has_access": person.works_on(today),
        "invitation": person.open_invitation,
        "why_not_invited": invitations.why_not_invited(person, at=clock.now()),
        "panels": panels_of(request, person),
        "entries": person.journal.newest_first()[:50],
    }
    return render(request, "people/person_page.html", page)


@for_admins
def add_person(request):
    """Somebody new, invited at once if so wished."""
    form = PersonForm(sent(request), initial={"language": request.company.language})
    person = _kept(form, lambda: _added(form, by=request.user, at=clock.now()))
    if person is None:
        return render(request, "people/add_person.html", {"form": form}, status=422 if form.is_bound else 200)
    messages.success(request, _("%s is here.") % person)
    if "invite" in request.POST:
        _invite(request, person)
    return see_other(person.get_absolute_url())


@for_admins
def edit_person(request, ref):
    """Other facts about somebody."""
    person = _person(ref)
    seen = seen_version(request) if request.method == "POST" else person.journal.version_of(person)
    form = PersonForm(sent(request), instance=_person(ref))
    try:
        kept = _kept(form, lambda: _changed(person, form, by=request.user, at=clock.now(), version=seen))
    except Refused as stale:
        return conflict(request, person, stale.reason)
    if kept is None:
        page = {"form": form, "person": person, "version": seen}
        return render(request, "people/edit_person.html", page, status=422 if form.is_bound else 200)
    messages.success(request, _("What is known of %s has changed.") % person)
    return see_other(person.get_absolute_url())


def _added(form, *, by, at):
    with transaction.atomic():
        person = Person.add(by=by, at=at, **form.facts)
        _tell_of_last_day(person, form, by=by, at=at)
    return person


def _changed(person, form, *, by, at, version):
    with transaction.atomic():
        changed = person.change(by=by, at=at, version=version, **form.facts)
        if "last_day_on" in changed:
            _tell_of_last_day(person, form, by=by, at=at)
    return changed


def _tell_of_last_day(person, form, *, by, at):
    """Whoever leaves is written to, unless an admin says otherwise."""
    if person.last_day_on and not form.cleaned_data["skip_letter"]:
        leaving.tell([person], by=by, at=at)


def _kept(form, deed):
    """Do it, if the form was filled in; None where it was not, or was refused, which stands at the form then.

    Refused only where the page is no longer so: nothing that one could write into it would help.
    """
    if not form.is_valid():
        return None
    try:
        return deed()
    except Refused as refused:
        if refused.reason.code == "stale":
            raise
        form.add_error(None, str(refused.reason))
    except IntegrityError:  # somebody was quicker
        form.add_error("email", form.fields["email"].error_messages["unique"])
    return None


def _invite(request, person):
    try:
        invitations.invite(person, by=request.user)
    except Refused as refused:
        messages.warning(request, str(refused.reason))
    else:
        messages.success(request, _("%s has been invited.") % person)


@for_admins
@require_POST
def invite_person(request, ref):
    """A fresh invitation; the one before it stops working."""
    person = _person(ref)
    return _do(request, person, lambda: invitations.invite(person, by=request.user), _("%s has been invited.") % person)


@for_admins
def end_access(request, ref):
    """Ask, then end somebody's access."""
    person = _person(ref)
    if request.method != "POST":
        return render(request, "people/end_access.html", {"person": person})
    return _do(
        request, person, lambda: person.end_access(by=request.user, at=clock.now()),
        _("%s has no access any more.") % person,
    )  # fmt: skip


@for_admins
@require_POST
def give_access(request, ref):
    """Let somebody in again."""
    person = _person(ref)
    return _do(
        request, person, lambda: person.give_access(by=request.user, at=clock.now()), _("%s has access.") % person
    )


def _do(request, person, deed, words):
    try:
        deed()
    except Refused as refused:
        return conflict(request, person, refused.reason)
    messages.success(request, words)
    return see_other(person.get_absolute_url())


def _person(ref):
    return get_object_or_404(Person.objects.for_the_list().with_factors().select_related("approver"), ref=ref)


def _in_view(view, today):
    if view == "no-access":
        return Person.objects.without_access(today)
    working = Person.objects.working(today)
    return working.not_seen_yet() if view == "not-seen" else working


def _views(table, view, today):
    names = [("", _("With access")), ("not-seen", _("Not signed in yet")), ("no-access", _("No access"))]
    return [
        {
            "label": label, "address": table.link(view=key), "current": view == key,
            "count": _in_view(key, today).count(),
        }
        for key, label in names
    ]  # fmt: skip


def _places():
    return {
        "locations": list(Location.objects.order_by("name").values_list("ref", "name")),
        "teams": list(Team.objects.order_by("name").values_list("ref", "name")),
    }
