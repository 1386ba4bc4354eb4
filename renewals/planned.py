"""The reminders of the coming days, for the page of planned mail."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from renewals.models import Policy, Reminder
from renewals.reasons import words
from renewals.stages import CALLED, Stage
from renewals.sweep import context_for, template_for
from velory import clock
from velory.people.models import Person
from velory.post import hours
from velory.post.letters import draft
from velory.post.planned import Deed, Planned, Rows, plans
from velory.ui.dates import moment


def letter_to_come(ref):
    """The letter of that morning, as it would read now: everything of one recipient goes in one."""
    reminder = Reminder.objects.waiting().filter(ref=ref).first()
    if reminder is None:
        return None
    rows = list(Reminder.objects.waiting().same_morning(reminder).order_by("renewal_on", "pk"))
    own, shared = ([], rows) if reminder.is_for_admins else (rows, [])
    person = reminder.person or Person.objects.admins_to_write_to(clock.today()).first()
    return draft(
        template_for(own, shared), key=f"preview/{ref}", person=person,
        at=max(hours.morning(reminder.send_on), clock.now()), context=context_for(own, shared),
    )  # fmt: skip


@plans(
    "reminders", letter=letter_to_come, on_devices=True,
    kinds=lambda: [(stage.value, name) for stage, name in CALLED.items()],
)  # fmt: skip
def planned_reminders(until, words, kinds=()):
    """Waiting reminders, soonest first."""
    found = Reminder.objects.until(until).matching(words)
    found = found.filter(stage__in=kinds) if kinds else found
    return Rows(found.in_order().with_what_a_letter_needs(), as_planned)


def as_planned(rows):
    """The rows of one page, as the page of planned mail shows them; what the company has switched off says so."""
    at, is_off = clock.now(), not Policy.here().one_off_reminder
    return [
        Planned(
            at=hours.moment_for(row.send_on, at),
            name=_("The admins") if row.is_for_admins else str(row.person),
            address="" if row.is_for_admins else row.person.email or "",
            what=str(CALLED[Stage(row.stage)]),
            about=row.device.name,
            url=f"{row.device.get_absolute_url()}?tab=lifecycle",
            **_standing(row, is_off),
            paused=row.state == Reminder.State.PAUSED,
            ref=row.ref,
            deeds=_deeds(row),
        )
        for row in rows
    ]


def _standing(row, is_off):
    if row.state == Reminder.State.PAUSED:
        return {"state": row.get_state_display(), "why": held_by(row)}
    if is_off and row.stage == Stage.ONE_OFF_30_DAYS:
        return {"state": _("Not sent."), "why": words("reminder_off", row.facts)}
    return {"why": row.why_admins}


def held_by(row) -> str:
    """Who has paused it, and since when."""
    facts = {"name": row.facts.get("paused_by", ""), "when": row.facts.get("paused_at", "")}
    if facts["when"]:
        facts["when"] = moment(datetime.fromisoformat(facts["when"]))
        return _("by %(name)s, %(when)s") % facts
    return _("by %(name)s") % facts if facts["name"] else ""


def _deeds(row):
    paused = row.state == Reminder.State.PAUSED
    first = ("resume", _("Resume"), "circle-play") if paused else ("pause", _("Pause"), "circle-pause")
    return tuple(
        Deed(label, reverse("renewals:change_planned", args=[row.ref, deed]), icon)
        for deed, label, icon in (first, ("send-now", _("Send now"), "send"))
    )
