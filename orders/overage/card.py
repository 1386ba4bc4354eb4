"""What goes over a budget and is paid by personal card: which card, how much, until when; charged on approval (spec 3).

The card was saved at checkout, and nothing was taken then. `due.py` says how much it bears, `sale.py` what follows from
the money, `paying.py` what its owner does where the bank wants them, `lapsing.py` what happens where nobody pays.
"""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from orders.lifecycle import RequestStatus
from orders.models import ProductRequest, RequestLine
from orders.overage import card_letters
from orders.overage.due import KIND, part_of, pay_until, to_charge
from velory import clock
from velory.journal.reason import Reason, Refused
from velory.journal.steps import follows
from velory.payments import cards, refunds, start
from velory.payments.cards import needs_cards
from velory.payments.currencies import MOST, least, payable, to_minor
from velory.payments.models import Attempt, Card, Payee, Refund
from velory.payments.models.payee import COMPANY
from velory.payments.reasons import not_set_up

NOT_CHARGED = gettext_noop("Nothing could be charged to the saved card.")


# At checkout


def card_shut(amount: Decimal, currency: str) -> Reason | None:
    """Why nobody can pay so much by card here now, or None."""
    payee = Payee.objects.of(COMPANY)
    if payee is None or payee.takes_money:
        return Reason("no_account", _("Your company takes no cards yet."), who=_("an admin"))
    minor = to_minor(payable(amount, currency), currency)
    if minor < least(currency):
        return Reason("too_little", _("The amount is too small to be paid by card."))
    if minor > MOST:
        return Reason("too_much", _("The amount is too large to be paid by card."))
    return None


def save_card(person, *, back_to: str, at: datetime) -> Card:
    """A card that somebody is about to save for the company to charge. Raises Refused."""
    payee = Payee.objects.of(COMPANY)
    if payee is None:
        raise Refused(not_set_up())
    return cards.begin_saving(person, payee=payee, back_to=back_to, at=at)


def is_paid(request: ProductRequest) -> bool:
    """Whether the money is there."""
    return Attempt.objects.paid_about(KIND, request.ref) is not None


# On approval, in its transaction


@follows(ProductRequest, "approve")
def what_goes_over_is_charged(requests, *, name, at):
    """The saved card, as soon as the approval is committed."""
    for request in requests:
        if request.status == RequestStatus.PAYMENT_NEEDED:
            begin_charge(request, at=at)


def begin_charge(request: ProductRequest, *, at: datetime) -> Attempt | None:
    """Put the charge on the agenda. Where the card can't be charged at all, its owner is asked to pay."""
    card = Card.objects.of(request.person).filter(ref=request.card_ref).select_related("payee").first()
    try:
        if card is None or not card.is_good_on(clock.local_date(at)):
            raise Refused(Reason("card_gone", _("The saved card can’t be charged any more.")))
        return start.begin(
            KIND, request.ref, person=request.person, amount=to_charge(request), currency=request.currency,
            payee=card.payee, until=pay_until(request), card=card, at=at,
        )  # fmt: skip
    except Refused:
        request.miss_payment(by=None, at=at, why=NOT_CHARGED)
        card_letters.ask_to_pay(request, at=at)
        return None


# Which cards are kept


@needs_cards
def is_asked_for(card: Card) -> bool:
    """A request that waits for its answer or its payment may be charged to it."""
    return ProductRequest.objects.undecided().filter(card_ref=card.ref).exists()


@follows(ProductRequest, "approve", "reject", "withdraw", "settle")
def the_card_is_forgotten(requests, *, name, at):
    """Nothing is charged to it any more."""
    over = [request.card_ref for request in requests if request.card_ref and not request.is_undecided]
    for card in Card.objects.saved().filter(ref__in=over):
        cards.forget_unneeded(card, at=at)


# On cancellation, in its transaction


def refund_of(line: RequestLine, *, at: datetime) -> Refund | None:
    """Owe the card back what it bore of one device: once, and no more than is left. None where it bore nothing.

    Takes hold of the payment, and asks nobody: a worker makes the refund afterwards.
    """
    paid = Attempt.objects.that_bought(KIND, line.request.ref)
    if paid is None or part_of(line) <= 0:
        return None
    return refunds.owe(paid, amount=part_of(line), subject=line.cause, note=line.name, at=at)
