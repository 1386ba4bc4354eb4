"""Who leaves: the list, one leaver with everything that is open, the last day, and the letter."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assets.models import Offboarding, OffboardingSettings
from assets.offboarding import letters
from assets.offboarding.forms import LastDayForm
from assets.offboarding.matters import matters_of
from assets.offboarding.roster import roster_of, rosters_of
from velory import clock
from velory.journal.reason import Refused
from velory.people import leaving
from velory.people.doors import for_admins
from velory.people.models import Person
from velory.ui.steps import conflict, see_other, seen_version, sent
from velory.ui.tables import Table

SORTS = {
    "day": "last_day_on",
    "name": ("person__first_name", "person__last_name"),
    "open": ("-open_devices", "last_day_on"),
}


@require_safe
@for_admins
def leavers(request):
    """Everybody who leaves or has left: who still has something first, the next day on top."""
    at, today = clock.now(), clock.today()
    view = request.GET.get("view", "")
    table = Table(request, sorts=SORTS, default="day")
    table.show(_in_view(view, today).matching(table.q).with_what_a_list_shows())
    rosters = rosters_of(table.rows, at=at)
    rows = [(row, rosters[row.pk], row.is_over(today)) for row in table.rows]
    page = {"table": table, "rows": rows, "views": _views(table, view, today), "today": today, "view": view}
    return render(request, "people/leaving/leavers.html", page)


@require_safe
@for_admins
def leaver(request, ref):
    """One leaver: each device with where it stands and what can be done, and what else hangs on them."""
    row, at, today = _row(ref), clock.now(), clock.today()
    page = {
        "offboarding": row, "person": row.person, "roster": roster_of(row, at=at), "today": today,
        "matters": matters_of(row.person, today=today), "over": row.is_over(today),
        "has_access": row.person.works_on(today), "why_not_told": letters.why_not_told(row, at=at),
        "entries": row.person.journal.newest_first()[:20],
    }  # fmt: skip
    return render(request, "people/leaving/leaver.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def set_last_day(request, ref):
    """Set the last day of somebody, move it, or take it away."""
    person = get_object_or_404(Person.objects.all(), ref=ref)
    seen = seen_version(request) if request.method == "POST" else person.journal.version_of(person)
    usual = {"last_day_on": person.last_day_on, "skip_letter": not OffboardingSettings.here().write}
    form = LastDayForm(sent(request), person=person, initial=usual)
    if form.is_valid():
        try:
            set_day(person, form.cleaned_data["last_day_on"], quietly=form.cleaned_data["skip_letter"],
                    by=request.user, at=clock.now(), version=seen)  # fmt: skip
        except Refused as refused:
            if refused.reason.code == "stale":
                return conflict(request, person, refused.reason)
            form.add_error("last_day_on", str(refused.reason))
        else:
            return _day_is_set(request, person)
    today = clock.today()
    page = {"person": person, "form": form, "version": seen, "today": today, "devices": _held(person)}
    return render(request, "people/leaving/last_day.html", page, status=422 if form.is_bound else 200)


def set_day(person, day, *, quietly: bool, by, at, version=None) -> None:
    """Set it, and write to them unless an admin says otherwise. Raises Refused."""
    with transaction.atomic():
        changed = person.change(by=by, at=at, version=version, last_day_on=day)
        if changed and day and not quietly:
            leaving.tell([person], by=by, at=at)


def _day_is_set(request, person):
    if person.last_day_on is None:
        messages.success(request, _("%s stays: the offboarding is called off.") % person)
        return see_other(person.get_absolute_url())
    messages.success(request, _("The last day of %s is set. Here is what is left to settle.") % person)
    return see_other(reverse("offboarding:leaver", args=[person.ref]))


def _held(person):
    from assets.models import Device

    return Device.objects.held_by(person).in_the_house().count()


@require_POST
@for_admins
def write_to_leaver(request, ref):
    """The letter, at once; once more if they have had it."""
    row, at = _row(ref), clock.now()
    with transaction.atomic():
        row.person.take_hold()
        written = letters.tell(row, by=request.user, at=at, again=row.told_at is not None)
    if written:
        messages.success(request, _("The letter to %s is on its way.") % row.person)
    else:
        messages.warning(request, str(letters.why_not_told(row, at=at) or _("It has been written already.")))
    return see_other(row.get_absolute_url())


def _row(ref):
    row = Offboarding.objects.under_way().filter(person__ref=ref).with_what_a_list_shows().first()
    if row is None:
        raise Http404
    return row


def _in_view(view, today):
    rows = Offboarding.objects.all()
    return {"later": rows.later, "settled": rows.settled}.get(view, rows.to_settle)(today)


def _views(table, view, today):
    names = [("", _("To settle")), ("later", _("Later than in two months")), ("settled", _("Settled"))]
    known = view if view in {"later", "settled"} else ""
    return [
        {
            "label": label, "address": table.link(view=key), "current": known == key,
            "count": _in_view(key, today).count(),
        }
        for key, label in names
    ]  # fmt: skip
