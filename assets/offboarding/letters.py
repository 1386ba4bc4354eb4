"""Letters to people who leave: one page for all devices, a reminder a week before; or that they stay after all."""

from datetime import time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assets.models import Offboarding, OffboardingSettings
from assets.offboarding.roster import roster_of, rosters_of
from velory import clock
from velory.agenda import book
from velory.journal.reason import Reason
from velory.journal.sentences import says
from velory.people.journal import PERSON, note_change
from velory.people.leaving import writes_to_leavers
from velory.post.letters import call_off, draft, letter, write_letter
from velory.post.links import link_for
from velory.post.models import Letter
from velory.post.planned import PAUSE, SEND_NOW, Planned, Rows, plans
from velory.tenancy.context import current_company

TOLD, REMINDED, STAYS = "assets/offboarding", "assets/offboarding_reminder", "assets/offboarding_called_off"
PURPOSE = "assets.offboarding"
REMINDER = "assets.leaver_is_reminded"
A_WEEK = timedelta(days=7)
MORNING = time(8)

says(PERSON, "told_of_leaving", gettext_lazy("{by} had a letter about leaving written to {thing}."))


def usually() -> bool:
    """Whether this company writes to people who leave."""
    return OffboardingSettings.here().write


def tell_leavers(people, *, by, at) -> None:
    """One letter each, of the day that is set now; whoever has left or has no address gets none."""
    rows = Offboarding.objects.under_way().of_people(people).select_related("person")
    for row in rows:
        tell(row, by=by, at=at)


writes_to_leavers(tell_leavers, usually=usually)


def why_not_told(row, *, at) -> Reason | None:
    """Why nobody can be written to, or None."""
    if not row.person.email:
        return Reason("no_address", _("There is no e-mail to write to."))
    if not row.person.works_on(clock.local_date(at)):
        return Reason("left", _("They have left: nothing is written to them any more."))
    return None


def tell(row, *, by, at, again: bool = False) -> bool:
    """Write the letter in the present transaction; whether it was written. `again`: although they know that day."""
    person = row.person
    if why_not_told(row, at=at):
        return False
    key = f"{TOLD}/{person.ref}/{row.pk}/{row.last_day_on.isoformat()}"
    if again:
        key += f"/{Letter.objects.to_person(person).of_template(TOLD).count() + 1}"
    if write_letter(TOLD, key=key, person=person, at=at, context=_context(row)) is None:
        return False
    row.told_at, row.remind_on = at, reminder_day(row.last_day_on, at)
    row.save(update_fields=["told_at", "remind_on"])
    plan_reminder(row, person)
    note_change(person, "told_of_leaving", by=by, at=at)
    return True


def _context(row):
    return {"offboarding": row.pk, "last_day_on": row.last_day_on.isoformat()}


def still_leaves(letter, at):
    """They leave on the day that the letter names."""
    row = Offboarding.objects.under_way().filter(pk=letter.context["offboarding"]).first()
    if row is None or row.last_day_on.isoformat() != letter.context["last_day_on"]:
        return Reason("moved", _("They do not leave, or on another day."))
    return None


def something_is_open(letter, at):
    """They leave on that day, and something waits for them."""
    gone = still_leaves(letter, at)
    if gone or roster_of(Offboarding.objects.get(pk=letter.context["offboarding"]), at=at).open:
        return gone
    return Reason("settled", _("Every device is settled."))


@letter(TOLD, check=still_leaves, label=gettext_lazy("Offboarding"))
@letter(REMINDED, check=something_is_open, label=gettext_lazy("Offboarding, a week before"))
def what_to_settle(letter):
    """The last day, each device with where it stands, and the link to the one page for all of them."""
    row = Offboarding.objects.select_related("person").get(pk=letter.context["offboarding"])
    roster = roster_of(row, at=letter.written_at)
    expires_at = clock.local(row.last_day_on + timedelta(days=1), time(0))
    return {
        "offboarding": row, "items": roster.items, "open": roster.open, "person": row.person,
        "url": link_for(PURPOSE, row, row.person, binding=str(row.pk), expires_at=expires_at),
        "chooses": OffboardingSettings.here().leaver_chooses,
    }  # fmt: skip


@letter(STAYS, label=gettext_lazy("Offboarding called off"))
def that_they_stay(letter):
    """What the letter before said is no longer so."""
    return {"url": current_company().address("/")}


def leaver_hears_otherwise(row, person, *, at) -> None:
    """Whoever was told that they leave is told that they do not; if the first letter has not gone, neither goes."""
    if row.told_at is None or not person.email or not person.works_on(clock.local_date(at)):
        return
    theirs = Letter.objects.to_person(person).filter(context__offboarding=row.pk)
    called_off = call_off(theirs, _("They do not leave, or on another day."))
    if called_off < theirs.of_template(TOLD).count():
        write_letter(STAYS, key=f"{STAYS}/{person.ref}/{row.pk}", person=person, at=at)


# The reminder, a week before


def reminder_day(day, at):
    """A week before the last day, where that is still to come; None where this company does not remind."""
    on = day - A_WEEK
    if not OffboardingSettings.here().remind or clock.local(on, MORNING) <= at:
        return None
    return on


def plan_reminder(row, person) -> None:
    """Put it on the agenda, or take it off."""
    if row.remind_on:
        book.put(REMINDER, person.ref, clock.local(row.remind_on, MORNING))
    else:
        drop_reminder(person)


def drop_reminder(person) -> None:
    """Nobody is reminded."""
    book.drop(REMINDER, person.ref)


@book.does(REMINDER, label=gettext_lazy("Reminding somebody who leaves"))
def remind(ref, at):
    """One letter, where something is still open that morning and the company still reminds."""
    row = (
        Offboarding.objects.under_way().filter(person__ref=ref, told_at__isnull=False).select_related("person").first()
    )
    if row is None or row.remind_on is None or why_not_told(row, at=at) or not OffboardingSettings.here().remind:
        return
    if roster_of(row, at=at).open:
        write_letter(REMINDED, key=_key_of_reminder(row), person=row.person, at=at, context=_context(row))


def _key_of_reminder(row):
    return f"{REMINDED}/{row.person.ref}/{row.pk}/{row.last_day_on.isoformat()}"


def reminder_to_come(ref):
    """The reminder as it would read now."""
    waiting = Offboarding.objects.under_way().filter(person__ref=ref, remind_on__isnull=False)
    row = waiting.select_related("person").first()
    if row is None:
        return None
    at = max(clock.local(row.remind_on, MORNING), clock.now())
    return draft(REMINDED, key=_key_of_reminder(row), person=row.person, at=at, context=_context(row))


@plans("offboarding", letter=reminder_to_come, label=gettext_lazy("Offboarding, a week before"), may=(PAUSE, SEND_NOW))
def planned_reminders(until, words):
    """Reminders that are still to come, soonest first."""
    rows = Offboarding.objects.to_be_reminded(until).filter(remind_on__gte=clock.today()).matching(words)
    return Rows(rows.select_related("person").order_by("remind_on", "pk"), as_planned)


def as_planned(rows):
    """The rows of one page, as the page of planned mail shows them."""
    rosters = rosters_of(rows, at=clock.now())
    return [_planned(row, len(rosters[row.pk].open)) for row in rows]


def _planned(row, waiting):
    about = ngettext("%(n)s device not settled", "%(n)s devices not settled", waiting) % {"n": waiting}
    why = "" if waiting else _("It goes only if something is open by then.")
    return Planned(
        at=clock.local(row.remind_on, MORNING), name=str(row.person), address=row.person.email or "",
        what=_("Offboarding, a week before"), about=about, url=row.get_absolute_url(), why=why, ref=row.person.ref,
        key=_key_of_reminder(row),
    )  # fmt: skip
