"""What repairs shows on the ground floor's pages: the switch, the case, its outcomes, what follows, to-dos."""

from urllib.parse import urlencode

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import gettext as _

from assets.consequences import consequence
from assets.filters import OF_REPAIRS
from assets.lifecycle import PRELIMINARY, Status
from assets.models import Device
from assets.panels import Milestone, milestone, panel, settings_section
from assets.settings_sections import form_section
from repairs.doors import repairs_are_on
from repairs.forms import RepairSettingsForm, ReportForm
from repairs.loans import why_not_lent
from repairs.models import Case, Loan, RepairSettings
from velory import clock
from velory.ui.todos import Todo, todo

REPORTABLE = (Status.ACTIVE, *PRELIMINARY)


def routine() -> str:
    """What people are told when they report a fault: the company's own words, or the usual ones."""
    usual = _("If you are unsure how repairs work here, check with your manager or IT department.")
    return RepairSettings.here().routine or usual


@panel("support", order=10)
def in_need_of_repair(device, person, *, today):
    """The switch where it can be reported; else where its repair stands."""
    if not repairs_are_on() or not (person.is_admin or device.holder_id == person.pk):
        return None
    if device.status in REPORTABLE:
        form = ReportForm(device=device, by=person, today=today)
        return "repairs/_switch.html", {"form": form, "routine": routine()}
    if device.status not in {Status.NEEDS_REPAIR, Status.IN_REPAIR}:
        return None
    case = _open_case(device)
    return "repairs/_case.html", {"case": case, "routine": routine(), "photos": list(case.photos.order_by("pk"))}


@panel("overview", order=5)
def how_it_ends(device, person, *, today):
    """In repair: the outcomes, on the tab on which the seed has them."""
    if not repairs_are_on() or not person.is_admin or device.status != Status.IN_REPAIR:
        return None
    case = _open_case(device)
    loans = Loan.objects.out().filter(case=case).select_related("device", "person")
    return "repairs/_outcomes.html", {"case": case, "loans": list(loans), "days": case.days_out(today)}


@panel("overview", order=80)
def where_a_fault_is_reported(device, person, *, today):
    """For whoever has it: that a fault can be reported, and where."""
    if not repairs_are_on() or device.holder_id != person.pk or device.status not in REPORTABLE:
        return None
    return "repairs/_report_here.html", {}


@panel("support", order=20)
def lent_or_to_be_lent(device, person, *, today):
    """To whom it is lent; or that an admin may lend it."""
    if not repairs_are_on():
        return None
    loan = Loan.objects.out().filter(device=device).select_related("person").first()
    if loan is None and not (person.is_admin and why_not_lent(device) is None):
        return None
    if not person.is_admin and loan.person_id != person.pk:
        return None
    return "repairs/_loan.html", {"loan": loan}


@panel("support", order=60)
def earlier_repairs(device, person, *, today):
    """What was repaired before: for admins."""
    if not repairs_are_on() or not person.is_admin:
        return None
    cases = list(Case.objects.closed().of(device).newest_first().with_what_a_list_shows()[:10])
    return ("repairs/_earlier.html", {"cases": [(case, case.days_out(today)) for case in cases]}) if cases else None


def _open_case(device):
    return Case.objects.open().select_related("holder", "space", "reported_by").get(device=device)


@milestone
def days_of_repairs(device, *, today):
    """Reported, taken in, closed."""
    if not repairs_are_on():
        return []
    found = []
    for case in Case.objects.of(device).order_by("pk"):
        found.append(Milestone(_("Fault reported"), clock.local_date(case.reported_at), case.fault[:80]))
        if case.taken_in_at:
            found.append(Milestone(_("Taken in for repair"), clock.local_date(case.taken_in_at), case.supplier))
        if case.closed_at:
            found.append(Milestone(case.get_outcome_display(), clock.local_date(case.closed_at)))
        elif case.expected_on:
            found.append(Milestone(_("Expected back"), case.expected_on))
    return found


# What follows from the steps, said before they are taken


@consequence("start_repair")
def it_is_taken_in(device, person, *, today):
    """The next steps, and the reminder of the seed."""
    return [
        ("shield-alert", _("Release it from any MDM (device management) before you send it for repair. It becomes a "
                           "to-do that is ticked off with a name and a time.")),
        ("user", _("%s no longer has it; the case remembers who had it and who paid.") % device.whose
                 if device.whose else _("Nobody has it at the moment.")),
        ("credit-card", _("The company pays for it while it is in repair.")),
        ("wrench", _("It moves from the table Needs repair to In repair. Its renewal waits until it is back.")),
    ]  # fmt: skip


@consequence("dismiss_fault")
def it_goes_on_as_before(device, person, *, today):
    """Back to the status before."""
    status = Status(device.status_before or Status.ACTIVE).label
    return [("circle-check", _("It is “%s” again, and the case is closed as: no fault found.") % status)]


@consequence("finish_repair")
def it_works_again(device, person, *, today):
    """The seed's reminder."""
    return [
        ("circle-check", _("It is active again, and the case is closed as: repaired.")),
        ("triangle-alert", _("Nobody has it then. Assign it to a user or a space next, and set the payor.")),
    ]


# What waits


@todo(order=30)
def what_repairs_wait_for(today):
    """Faults to look at, MDM to tick off, loans that are due back."""
    hardware = reverse("assets:hardware")
    if not repairs_are_on():
        return [
            Todo("repairs_left", Device.objects.filter(status__in=OF_REPAIRS).count(), _("Repairs that were begun"),
                 _("Repairs are not part of your plan any more. Bring each of these to its end on the device’s page"),
                 f"{hardware}?{urlencode([('status', status) for status in sorted(OF_REPAIRS)])}"),
        ]  # fmt: skip
    waiting = Device.objects.needing_repair().count()
    since = _day(Case.objects.waiting(), "reported_at") if waiting else None
    mdm = Case.objects.not_released()
    late = Loan.objects.overdue(today)
    return [
        Todo("needs_repair", waiting, _("Devices in need of repair"), _("Take each in, or say that it works"),
             f"{hardware}?view=needs_repair", oldest_on=since),
        Todo("mdm_release", mdm.count(), _("To be released from MDM"), _("Before it is sent away for repair"),
             f"{reverse('repairs:cases')}?mdm=open"),
        Todo("loan_overdue", late.count(), _("Loans overdue"), _("Take each back, or prolong it"),
             f"{reverse('repairs:loans')}?due=late", late=late.count()),
    ]  # fmt: skip


def _day(rows, field):
    oldest = rows.aggregate(oldest=Min(field))["oldest"]
    return clock.local_date(oldest) if oldest else None


@settings_section(order=40)
def repair_settings(request):
    """What people are told, and for how long devices are lent; nothing where the company has no repairs."""
    if not repairs_are_on():
        return None
    return form_section(request, "repair_settings", _("Repairs"), RepairSettingsForm, RepairSettings.to_change())
