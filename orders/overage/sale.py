"""What goes over a budget as something that payments can sell: what follows from money, and from none."""

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from orders.budgets.ledger import hold_budget_of
from orders.lifecycle import RequestStatus
from orders.models import ProductRequest
from orders.overage import card_letters
from orders.overage.card import NOT_CHARGED
from orders.overage.due import KIND
from velory.payments.models import Attempt
from velory.payments.sales import Sale, Why, sells

WHYS = {
    Why.NEEDS_PERSON: gettext_noop("The bank wants its owner to confirm the payment."),
    Why.DECLINED: gettext_noop("The bank declined it."),
}
TOO_LATE = gettext_noop("It could no longer be ordered when it was paid. The money goes back to the card.")


@sells(KIND)
class Overage(Sale):
    """What a personal card bears of a request."""

    def hold(self, ref):
        """The request, and the budget of its person: what is paid is ordered, and the budget comes before the money."""
        request = ProductRequest.objects.filter(ref=ref).first()
        if request is not None:
            request.take_hold()
            if request.status == RequestStatus.PAYMENT_NEEDED and request.person:
                hold_budget_of(request.person)
        return request

    def is_open_for(self, thing, attempt):
        """It is approved, and nothing waits but this payment."""
        return thing.status == RequestStatus.PAYMENT_NEEDED and _no_other(attempt)

    def paid(self, thing, attempt, *, at):
        """It is ordered."""
        thing.settle(by=None, at=at, amount=str(attempt.amount), currency=attempt.currency, payment=attempt.ref)

    def not_paid(self, thing, attempt, *, at, why):
        """A card that could not be charged: its owner is asked to pay. Who turns back from a page knows that."""
        if attempt.card_id and thing.status == RequestStatus.PAYMENT_NEEDED and _no_other(attempt):
            thing.miss_payment(by=None, at=at, why=WHYS.get(why, NOT_CHARGED), payment=attempt.ref)
            card_letters.ask_to_pay(thing, at=at, why=str(why), payment=attempt.ref)

    def money_back(self, thing, attempt, *, amount, why, at):
        """Whoever paid hears of it, and the admins do. What was paid too late to be ordered is not ordered."""
        card_letters.money_goes_back(thing, attempt, amount=amount, why=str(why), at=at)
        waits = thing is not None and thing.status == RequestStatus.PAYMENT_NEEDED
        if why == Why.TOO_LATE and waits and _no_other(attempt):
            thing.withdraw(by=None, at=at, why=TOO_LATE)

    def title(self, attempt):
        """What stands on the page where it is paid, and on the receipt."""
        with translation.override(attempt.person.language):
            return _("Your part of request %s") % attempt.subject_ref

    def titles(self, attempts):
        """The same for a list."""
        return {attempt.pk: _("Over budget: request %s") % attempt.subject_ref for attempt in attempts}

    def back_to(self, attempt):
        """The request's page."""
        return ProductRequest(ref=attempt.subject_ref).get_absolute_url()


def _no_other(attempt):
    standing = Attempt.objects.open_about(KIND, attempt.subject_ref)
    return standing is None or standing.pk == attempt.pk
