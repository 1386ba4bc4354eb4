"""What renewals shows on the ground floor's pages: alerts, the panels of a device, its milestones, to-dos."""

from urllib.parse import urlencode

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from assets.consequences import consequence
from assets.gate import for_good
from assets.lifecycle import PRELIMINARY, Status
from assets.models import Device, Partner
from assets.panels import Alert, Milestone, alert, milestone, panel
from renewals import due
from renewals.asks import ask_about
from renewals.choices.words import about, effects
from renewals.decision import decision_about, gate_after
from renewals.models import Choice, Reminder, Renewal
from renewals.paths import Path, closed, path_of, with_what_a_path_needs
from renewals.stages import STAGES, Stage, opens_on, stage_now
from velory import clock
from velory.tenancy.context import current_company
from velory.ui.dates import day_long
from velory.ui.todos import Todo, todo

ELSEWHERE = {"nothing", "paying"}  # the buy-out has a panel of its own
URGENT = {Stage.EXTERNAL_30_DAYS, Stage.LEASED_1_MONTH}


@alert
def what_waits_for(person, *, today):
    """Each device of theirs in an open stage, the nearest first; nobody is asked about what is only lent to them."""
    held = Device.objects.held_by(person).in_phase("in use").filter(due.in_a_stage(today)).order_by("renewal_on", "pk")
    held = for_good(held, person)
    found = [(device, stage_now(path_of(device), device.renewal_on, today)) for device in with_what_a_path_needs(held)]
    return [_alert(device, stage, today) for device, stage in found if _asks_now(device, stage)]


def _asks_now(device, stage):
    if device.status in PRELIMINARY and stage == Stage.LEASED_3_MONTHS:
        return False  # a preliminary choice stands; it can be changed on its page
    return device.status in {Status.ACTIVE, *PRELIMINARY}


def _alert(device, stage, today):
    ask = ask_about(device, device.renewal_on, stage, today)
    url = f"{device.get_absolute_url()}?tab=lifecycle"
    return Alert(
        ask.title, f"{ask.when} {ask.text}", ask.button, url, device=device, urgent=stage in URGENT, short=ask.when
    )  # fmt: skip


@panel("lifecycle", order=10)
def what_is_to_decide(device, person, *, today):
    """The question of the stage that is open, or what will be asked and when; what happens after the start."""
    decision = decision_about(device, by=person, at=clock.now())
    if decision.kind in ELSEWHERE or (decision.kind == "going" and not decision.decided):
        return None
    in_hand = person.is_admin or device.holder_id == person.pk
    context = {
        "decision": decision,
        "gate": gate_after(device, today=today) if decision.kind == "started" else None,
        "may_start": in_hand and decision.kind == "start",
        "may_choose": in_hand and decision.options is not None,
        "for_somebody_else": device.holder_id != person.pk,
        "step_address": device.get_absolute_url(),
        "choose_address": reverse("renewals:choose", args=[device.ref]),
    }
    return "renewals/_panel.html", context


@panel("overview", order=10)
def what_happens_now(device, person, *, today):
    """After the start, what its holder is to know stands on the tab on which they land."""
    if device.holder_id != person.pk or device.status != Status.RETURN_PENDING:
        return None
    return what_is_to_decide(device, person, today=today)


@panel("lifecycle", order=50)
def what_was_told(device, person, *, today):
    """The ledger of this device: all of it for admins, their own for its holder."""
    rows = Reminder.objects.of(device).select_related("person").order_by("-send_on", "-pk")
    if not person.is_admin:
        rows = rows.to_person(person).in_state(Reminder.State.SENT)
    rows = list(rows[:40])
    return ("renewals/_ledger.html", {"rows": rows}) if rows else None


@consequence("start_renewal")
def what_a_start_brings(device, person, *, today):
    """The distributor writes, the store opens, nothing is returned yet."""
    return [
        ("mail", _("%s is told at once and writes to the holder soon.") % device.distributor),
        ("store", _("The store opens for the holder: %s.") % device.category),
        ("smartphone", _("The holder keeps using the device until the new one has come.")),
    ]


@consequence("prefer_buyout", "prefer_return")
def what_a_preference_brings(device, person, *, today):
    """Nothing but that the company can plan."""
    until = opens_on(device.renewal_on, Stage.LEASED_1_MONTH)
    return [
        ("list-checks", _("It binds nobody: it only tells the company what to plan for.")),
        ("refresh-cw", _("It can be changed at will until the final choice is asked for, on %s.") % day_long(until)),
    ]


@consequence("keep")
def what_keeping_brings(device, person, *, today):
    """Six months more, and the place that it takes."""
    return [("smartphone", about(device, Choice.KEEP)), *effects(device, Choice.KEEP, today=today)]


@milestone
def the_stages(device, *, today):
    """When each stage opens, and when its letter went; the open one is now. One that passed untold never was."""
    path = _path_that_it_went(device)
    if path is None or closed(path, current_company()):
        return []
    now = stage_now(path, device.renewal_on, today) if due.awaits_choice(device, today) else None
    told = {row.stage: row for row in Reminder.objects.of(device).sent().filter(renewal_on=device.renewal_on)}
    said = _said(device) if stage_now(path, device.renewal_on, today) else {}
    return [
        Milestone(
            ask_about(device, device.renewal_on, stage, today).milestone, opens_on(device.renewal_on, stage),
            said.get(stage) or _told_on(told.get(stage)) or (_("Waits for the answer") if stage == now else ""),
            open=stage == now,
        )
        for stage in STAGES[path]
        if stage == now or stage in told or stage in said or opens_on(device.renewal_on, stage) > today
    ]  # fmt: skip


def _path_that_it_went(device):
    """Its path; of what is archived the one on which it was decided, for its lease is closed by then."""
    decided = Renewal.objects.of(device).decided().first() if device.is_archived else None
    return Path(decided.path) if decided else path_of(device)


def _said(device):
    """What was chosen at which stage, and when."""
    renewal = Renewal.objects.of(device).first()
    if renewal is None:
        return {}
    said = {Stage.LEASED_3_MONTHS: (renewal.get_preliminary_display(), renewal.preliminary_at)}
    for stage in (Stage.LEASED_1_MONTH, Stage.ONE_OFF_30_DAYS):
        said[stage] = (renewal.get_final_display(), renewal.final_at)
    words = _("%(choice)s, chosen on %(day)s")
    return {
        stage: words % {"choice": choice, "day": day_long(clock.local_date(at))}
        for stage, (choice, at) in said.items()
        if choice and at
    }


def _told_on(row):
    return _("Letter of %s") % day_long(clock.local_date(row.settled_at)) if row else ""


@milestone
def the_way_out(device, *, today):
    """Started or decided, label, time to return, confirmed, released, lease closed: in the order in which they came."""
    if device.phase not in {"leaving", "archived"}:
        return []
    words = {
        "start_renewal": _("Process started"),
        "choose_return": _("Return decided"),
        "put_label": _("Return label came"),
        "time_to_return": _("Time to return"),
        "begin_return": _("Time to return"),
        "confirm_return": _("Return confirmed"),
        "release": _("Released"),
        "close_contract": _("Lease closed"),
    }
    entries = [entry for entry in device.journal if entry.step in words]
    return [Milestone(words[entry.step], clock.local_date(entry.at)) for entry in entries]


@todo(order=20)
def what_waits_for_admins(today):
    """Returns to confirm, devices to release, devices that are overdue."""
    return [
        _todo("confirm_return", due.awaiting_confirmation(today), "awaiting_confirmation", today,
              _("Returns to confirm"),
              _("Its holder has started the process or chosen to return it.")),
        _todo("release", due.awaiting_release(today), "awaiting_release", today,
              _("Awaiting release"),
              _("Take it out of MDM and other company systems first.")),
        _todo("overdue", due.overdue(today), "overdue", today,
              _("Renewal date passed, nothing decided"),
              _("The devices stay. Where they are leased or external, the store stays shut for their holders."),
              late=True),
    ]  # fmt: skip


def _todo(code, devices, view, today, title, about, *, late=False):
    figures = devices.aggregate(count=Count("pk"), oldest=Min("renewal_on"))
    count = figures["count"]
    return Todo(
        code, count, title, about, reverse(f"renewals:{view}"), oldest_on=figures["oldest"],
        late=count if late else 0,
    )  # fmt: skip


@todo(order=25)
def distributors_without_an_address(today):
    """Nobody can tell them that a holder is ready."""
    concerned = Q(devices__status=Status.RETURN_PENDING) | Q(devices__in=due.due(today))
    found = Partner.objects.filter(concerned, integrated=False, email="", distributes=True).distinct().order_by("name")
    which = urlencode([("ref", ref) for ref in found.values_list("ref", flat=True)])
    about = _("It does not hear when a holder starts the process.")
    return [
        Todo("distributor_address", which.count("ref="), _("Distributor without an address"), about,
             f"{reverse('assets:partners')}?{which}"),
    ]  # fmt: skip
