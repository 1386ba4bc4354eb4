"""Who hears what of repairs. The words are in the templates of these names."""

from datetime import time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from repairs.doors import repairs_are_on
from repairs.models import Case, Loan
from velory import clock
from velory.agenda import book
from velory.journal.reason import Reason
from velory.people.models import Person
from velory.post.letters import draft, letter, write_letters
from velory.tenancy.context import current_company

REPORTED, LOAN_DUE = "repairs/fault_reported", "repairs/loan_due"
LOAN = "repairs.loan"
MORNING = time(8)


def still_waits(letter, at):
    """Nobody has taken it in, or said that it works."""
    if not Case.objects.waiting().filter(ref=letter.context["case"]).exists():
        return Reason("over", _("The device has been taken in, or works."))
    return None


@letter(REPORTED, check=still_waits, required=False, label=gettext_lazy("Fault reported, to the admins"))
def what_was_reported(letter):
    """The device, who has it, what is wrong, and its Support tab."""
    case = Case.objects.select_related("device__category", "reported_by", "holder", "space").get(
        ref=letter.context["case"]
    )
    url = current_company().address(f"{case.device.get_absolute_url()}?tab=support")
    return {"case": case, "device": case.device, "photos": case.photos.count(), "url": url}


def admins_hear_of(case, *, at) -> None:
    """At once, all of them."""
    admins = Person.objects.admins_to_write_to(clock.local_date(at))
    write_letters(
        [draft(REPORTED, key=f"{REPORTED}/{case.ref}/{admin.ref}", person=admin, at=at, context={"case": case.ref})
         for admin in admins], at=at,
    )  # fmt: skip


# Loans


def still_lent(letter, at):
    """It is out, and due on the day that the letter names."""
    loan = Loan.objects.out().filter(ref=letter.context["loan"]).first()
    if loan is None or loan.due_on.isoformat() != letter.context["due_on"]:
        return Reason("over", _("It is back, or due on another day."))
    return None


@letter(LOAN_DUE, check=still_lent, label=gettext_lazy("Loan due back"))
def what_is_due_back(letter):
    """The device, until when, and whether that is past."""
    loan = Loan.objects.select_related("device", "person").get(ref=letter.context["loan"])
    late = letter.context["late"]
    url = current_company().address(f"{loan.device.get_absolute_url()}?tab=support")
    return {"loan": loan, "device": loan.device, "late": late, "url": url}


def remind_in_time(loan, *, at) -> None:
    """On the morning before it is due, and once more when it is late; in the present transaction."""
    days = [loan.due_on - timedelta(days=1), loan.due_on + timedelta(days=1)]
    moments = [clock.local(day, MORNING) for day in days]
    ahead = [moment for moment in moments if moment > at]
    if ahead:
        book.put(LOAN, loan.ref, ahead[0])


@book.does(LOAN, label=gettext_lazy("Reminding of a loan"))
def remind_of_loan(ref, at):
    """One letter for each of the two mornings; none where it is back, or the company has no repairs any more."""
    loan = Loan.objects.out().filter(ref=ref).select_related("person").first()
    if loan is None or not repairs_are_on():
        return
    letter = reminder_of(loan, at=at)
    write_letters([letter], at=at)
    if not letter.context["late"]:
        remind_in_time(loan, at=at)


def reminder_of(loan, *, at):
    """The letter of a moment, not yet written: before the day that it is due on, or after."""
    late = clock.local_date(at) > loan.due_on
    return draft(
        LOAN_DUE, key=f"{LOAN_DUE}/{loan.ref}/{loan.due_on}/{'late' if late else 'soon'}", person=loan.person, at=at,
        context={"loan": loan.ref, "due_on": loan.due_on.isoformat(), "late": late},
    )  # fmt: skip
