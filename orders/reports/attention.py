"""What an admin has to look at: messages that were not understood, devices beside an order, silence (R81-R83)."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from assets.lifecycle import OPEN_DELIVERY
from orders.lifecycle import OrderStatus, ProposalStatus
from orders.models import Channel, Order, OrderLine, ProposedDevice, Report
from orders.reports.notes import in_words, needs_attention
from velory import clock
from velory.journal.deeds import write
from velory.journal.reason import Reason, Refused
from velory.journal.sentences import says
from velory.people.models import Person
from velory.post.letters import draft, letter, write_letters
from velory.tenancy.context import current_company
from velory.ui.todos import Todo, todo

TEMPLATE = "orders/attention"
NAMED = 12  # messages that stand in the letter
FIRST_ANSWER = Channel._meta.get_field("answers_within_days").default

says("orders.report", "look_at", gettext_lazy("{by} looked at message {thing}."))


# What waits, in the language of querysets


def reports():
    """Messages in which something was not understood, or that contradict what is, the oldest first."""
    return Report.objects.needing_attention().select_related("order", "distributor").order_by("received_at", "pk")


def proposals():
    """Devices beside an order that nobody has answered."""
    return ProposedDevice.objects.filter(status=ProposalStatus.PROPOSED).select_related("order", "distributor")


def unanswered(today: date):
    """Orders that were sent, and no word has come within the distributor's working days."""
    late = Q()
    days = dict(Channel.objects.values_list("partner", "answers_within_days"))
    for number in {FIRST_ANSWER, *days.values()}:
        whose = [partner for partner, within in days.items() if within == number]
        theirs = Q(distributor__in=whose)
        if number == FIRST_ANSWER:
            theirs |= ~Q(distributor__in=list(days))
        late |= theirs & Q(sent_at__lt=_morning_after(today, number))
    return Order.objects.filter(late, status=OrderStatus.SENT, heard_at=None, confirmed_at=None)


def _morning_after(today, days):
    """The moment before which something was sent that has had so many whole working days."""
    day = today
    while days > 0:
        day -= timedelta(days=1)
        days -= day.weekday() < 5
    return clock.local(day, datetime.min.time())


def overdue(today: date):
    """Orders with a device that was expected before today and has not been shipped."""
    waiting = OrderLine.objects.filter(
        order=OuterRef("pk"), expected_on__lt=today, device__status__in=OPEN_DELIVERY
    )  # fmt: skip
    earliest = Min("lines__expected_on", filter=Q(lines__device__status__in=OPEN_DELIVERY))
    return Order.objects.filter(Exists(waiting)).annotate(expected_on=earliest)


# To-dos


@todo(order=16)
def what_distributors_said(today):
    """Messages and devices that an admin has to look at."""
    if not current_company().has("store"):
        return []
    address = reverse("orders:attention")
    return [
        _counted("report_attention", reports(), "received_at", _("Reports that need attention"),
                 _("A distributor said something that could not be applied."), f"{address}#reports"),
        _counted("proposed_devices", proposals(), "proposed_at", _("Proposed devices"),
                 _("Delivered beside an order. Take each in or decline it."), f"{address}#proposed"),
    ]  # fmt: skip


@todo(order=17)
def what_distributors_did_not_say(today):
    """Silence is noticed (R83)."""
    if not current_company().has("store"):
        return []
    address = reverse("orders:attention")
    return [
        _counted("orders_unanswered", unanswered(today), "sent_at", _("Orders without an answer"),
                 _("Sent, and the distributor has said nothing yet."), f"{address}#silent"),
        _counted("orders_overdue", overdue(today), "expected_on", _("Deliveries past their day"),
                 _("Expected before today, and not shipped."), f"{address}#overdue"),
    ]  # fmt: skip


def _counted(code, rows, moment, title, about, url):
    rows = rows.order_by()
    figures = rows.aggregate(oldest=Min(moment))["oldest"] if moment != "expected_on" else _earliest(rows)
    day = clock.local_date(figures) if isinstance(figures, datetime) else figures
    return Todo(code, rows.count() if figures else 0, title, about, url, oldest_on=day)


def _earliest(rows):
    return min(rows.values_list("expected_on", flat=True), default=None)


# Looking at a message


def look_at(report: Report, *, by, at) -> None:
    """An admin has seen to it: it no longer waits. Refused where somebody was first."""
    with transaction.atomic():
        held = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if held.settled_at is not None or held.outcome != Report.Outcome.ATTENTION:
            raise Refused(Reason("already", _("Somebody has looked at this already.")))
        held.settled_at, held.settled_by = at, str(by)
        held.save(update_fields=["settled_at", "settled_by"])
        write(held, "look_at", by=by, at=at)


# The letter: once a day


NOTHING = gettext_noop("Everything has been looked at.")


def admins_are_told(*, at) -> None:
    """The first message of a day that needs attention is told by mail; the others of that day stand in the to-dos."""
    today = clock.local_date(at)
    write_letters(
        [
            draft(TEMPLATE, key=f"{TEMPLATE}/{today}/{admin.ref}", person=admin, at=at)
            for admin in Person.objects.admins_to_write_to(today)
        ],
        at=at,
    )


def still_waits(letter, at):
    """Somebody may have been quicker."""
    return None if Report.objects.needing_attention().exists() else Reason("nothing_left", NOTHING)


@letter(TEMPLATE, check=still_waits, required=False, label=gettext_lazy("A distributor’s report needs attention"))
def what_needs_attention(letter):
    """What waits when it is sent, in words, and the page where it is seen to."""
    waiting = reports()
    return {
        "reports": [(report, sentences(report)) for report in waiting[:NAMED]],
        "number": waiting.count(),
        "url": current_company().address(reverse("orders:attention")),
    }


def sentences(report: Report) -> list[str]:
    """Why it waits."""
    return [in_words(note) for note in report.said if needs_attention(note)]
