"""Its owner pays what the saved card did not: on a page of Stripe's, as any other payment."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from orders.lifecycle import RequestStatus
from orders.models import ProductRequest
from orders.overage.due import KIND, last_day_to_pay, pay_until, to_charge
from orders.overage.lapsing import is_looked_into
from velory.journal.reason import Reason, Refused
from velory.payments import start
from velory.payments.models import Attempt, Payee
from velory.payments.models.payee import COMPANY
from velory.payments.reasons import not_set_up
from velory.payments.sales import Why


@dataclass(frozen=True)
class ToPay:
    """What is to be paid for a request: how much, to whom, until when, and how it stands with it."""

    amount: Decimal
    currency: str
    payee: str
    last_day: date
    is_payer: bool
    payer: str
    is_charging: bool
    is_looked_into: bool
    why: str

    @property
    def needs_person(self) -> bool:
        """The bank said that it wants the card's owner."""
        return self.why == Why.NEEDS_PERSON

    @property
    def was_declined(self) -> bool:
        """The bank said no."""
        return self.why == Why.DECLINED

    @property
    def can_be_paid(self) -> bool:
        """Whether the reader can pay now."""
        return self.is_payer and not self.is_charging and not self.is_looked_into


def what_is_to_pay(request: ProductRequest, reader) -> ToPay:
    """How it stands with the payment of a request, for a reader."""
    last = Attempt.objects.about(KIND, request.ref).newest_first().first()
    charged = Attempt.objects.about(KIND, request.ref).by_saved_card().newest_first().first()
    payee = Payee.objects.of(COMPANY)
    return ToPay(
        amount=to_charge(request), currency=request.currency, payee=payee.name if payee else "",
        last_day=last_day_to_pay(request), is_payer=request.person == reader, payer=str(request.person or ""),
        is_charging=bool(last and last.card_id and last.is_open), is_looked_into=is_looked_into(request),
        why=charged.why if charged else "",
    )  # fmt: skip


def begin_paying(request: ProductRequest, *, by, at: datetime) -> Attempt:
    """A payment by its owner, on a page; the one that is open, if there is one. Raises Refused."""
    payee = Payee.objects.of(COMPANY)
    if payee is None:
        raise Refused(not_set_up())
    _conclude_the_charge(request, at=at)
    with transaction.atomic():
        request.take_hold()
        if request.status != RequestStatus.PAYMENT_NEEDED or request.person_id != by.pk:
            raise Refused(Reason("over", _("There is nothing to pay any more.")))
        return start.begin(
            KIND, request.ref, person=by, amount=to_charge(request), currency=request.currency, payee=payee,
            until=pay_until(request), at=at,
        )  # fmt: skip


def _conclude_the_charge(request, *, at):
    """The saved card is asked first, as long as nobody knows what came of it: never both."""
    standing = Attempt.objects.open_about(KIND, request.ref)
    if standing is None or not standing.card_id:
        return
    state = start.charge(standing, at=at)
    if state in {Attempt.State.CREATING, Attempt.State.OPEN, Attempt.State.SUPERSEDING}:
        raise Refused(Reason("charging", _("The saved card is being charged. Try again in a minute.")))
