"""Who hears what about the card that bears a part of a request. The words are in the templates of these names."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.lifecycle import RequestStatus
from orders.models import ProductRequest
from orders.overage.due import last_day_to_pay, to_charge
from orders.requests.shown import in_short
from velory import clock
from velory.journal.reason import Reason
from velory.payments.models import Attempt, Payee
from velory.payments.models.payee import COMPANY
from velory.payments.sales import Why
from velory.people.models import Person
from velory.post.letters import draft, letter, write_letter, write_letters
from velory.post.models import Letter
from velory.tenancy.context import current_company

NEEDED, REMINDER = "orders/payment_needed", "orders/payment_reminder"
BACK, BACK_TO_ADMINS = "orders/money_back", "orders/money_back_to_admins"
TOLD_TO_THE_PAYER = {Why.TOO_LATE, Why.REFUNDED, Why.REFUND_FAILED}


# To whoever is to pay


def ask_to_pay(request, *, at, why: str = "", payment: str = "") -> None:
    """The saved card could not be charged: its owner pays, or nothing is ordered."""
    context = {"request": request.ref, "why": why}
    key = f"{NEEDED}/{request.ref}/{payment or 'none'}"
    write_letter(NEEDED, key=key, person=request.person, at=at, context=context)


def remind_to_pay(request, *, at) -> None:
    """Tomorrow is the last day."""
    write_letters([reminder_for(request, at=at)], at=at)


def reminder_for(request, *, at) -> Letter:
    """The letter that says so, not yet written."""
    key, context = f"{REMINDER}/{request.ref}", {"request": request.ref}
    return draft(REMINDER, key=key, person=request.person, at=at, context=context)


def still_to_pay(letter, at):
    """Nobody has paid yet, and it was not withdrawn."""
    if _request(letter).status != RequestStatus.PAYMENT_NEEDED:
        return Reason("paid", _("It has been paid or withdrawn."))
    return None


@letter(NEEDED, check=still_to_pay, label=gettext_lazy("Payment needed"))
@letter(REMINDER, check=still_to_pay, label=gettext_lazy("Payment needed, a day before it is too late"))
def what_is_to_be_paid(letter) -> dict:
    """How much, why the card did not do, until when; the button leads to the request."""
    request, payee = _request(letter), Payee.objects.of(COMPANY)
    return {
        "request": request, "what": in_short(request), "amount": to_charge(request), "currency": request.currency,
        "cause": letter.context.get("why", ""), "last_day": last_day_to_pay(request),
        "seller": payee.name if payee else "", "url": _address(request),
    }  # fmt: skip


# Money that goes back


def money_goes_back(request, attempt, *, amount: Decimal, why: str, at) -> None:
    """The payer hears what concerns them; the admins hear everything. What came too late is told once, when it came."""
    if why == Why.REFUNDED and attempt.why == Why.TOO_LATE:
        return
    context = {"payment": attempt.ref, "amount": str(amount), "why": why}
    key = f"{BACK}/{attempt.ref}/{why}/{attempt.version}/{amount}"
    if why in TOLD_TO_THE_PAYER:
        write_letter(BACK, key=key, person=attempt.person, at=at, context=context)
    if why == Why.REFUNDED:
        return
    admins = Person.objects.admins_to_write_to(clock.local_date(at))
    write_letters(
        [draft(BACK_TO_ADMINS, key=f"{key}/{admin.ref}", person=admin, at=at, context=context) for admin in admins],
        at=at,
    )


@letter(BACK, label=gettext_lazy("Money for a request goes back"))
@letter(BACK_TO_ADMINS, label=gettext_lazy("Money for a request goes back, to the admins"))
def what_goes_back(letter) -> dict:
    """How much, why, from whom, and to which request it belongs."""
    attempt = Attempt.objects.select_related("person", "payee", "card").get(ref=letter.context["payment"])
    request = ProductRequest.objects.with_what_a_list_shows().get(ref=attempt.subject_ref)
    to_admins = letter.template == BACK_TO_ADMINS
    return {
        "attempt": attempt, "request": request, "what": in_short(request), "amount": Decimal(letter.context["amount"]),
        "cause": letter.context["why"], "payer": attempt.person, "seller": attempt.payee.name,
        "url": current_company().address(f"/payments/{attempt.ref}/record/") if to_admins else _address(request),
    }  # fmt: skip


def _request(letter) -> ProductRequest:
    return ProductRequest.objects.with_what_a_list_shows().get(ref=letter.context["request"])


def _address(request):
    return current_company().address(request.get_absolute_url())
