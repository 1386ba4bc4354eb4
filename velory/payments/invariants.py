"""What must hold of a company's payments: P1 to P12 of reliability 3.1, as far as payments can say by themselves."""

from datetime import timedelta

from django.db import connection
from django.db.models import Count, F, Q

from velory import clock
from velory.journal.invariants import invariant
from velory.payments import gateway
from velory.payments.inbox.models import Event, OwnAccount, Route
from velory.payments.models import OPEN_STATES, Attempt, Card, Finding, Money, Payee
from velory.payments.models.payee import COMPANY
from velory.tenancy.context import current_company, outside

SOON = timedelta(minutes=15)


@invariant("P1 one attempt at a time is open about a thing")
def open_twice():
    """More than one open attempt."""
    yield from _several(Attempt.objects.filter(state__in=OPEN_STATES), "open attempts")


@invariant("P2 a thing is bought once")
def paid_twice():
    """More than one paid attempt whose money was kept."""
    yield from _several(Attempt.objects.paid().with_sums().filter(back_minor__lt=F("captured_minor")), "paid attempts")


def _several(attempts, what):
    pairs = attempts.order_by().values("kind", "subject_ref").annotate(many=Count("pk")).filter(many__gt=1)
    for pair in pairs:
        yield f"{pair['kind']} {pair['subject_ref']} has {pair['many']} {what}."


@invariant("P3 what is paid was captured, to the smallest unit")
def paid_with_other_money():
    """Paid, and the charges do not come to the amount."""
    for attempt in Attempt.objects.paid().with_sums().exclude(captured_minor=F("amount_minor")):
        yield f"Payment {attempt.ref} is paid; {attempt.captured_minor} came, asked for were {attempt.amount_minor}."


@invariant("P4 no more goes back than came")
def more_back_than_came():
    """Refunds and disputes come to more than the charges."""
    for attempt in Attempt.objects.with_sums().filter(captured_minor__lt=F("back_minor") + F("disputed_minor")):
        yield f"Of payment {attempt.ref} more went back than came."


@invariant("P5 money is its attempt's: account, currency and mode")
def money_of_another():
    """A movement that cannot belong where it stands."""
    alike = Q(currency=F("attempt__currency"), account=F("attempt__account"), livemode=F("attempt__livemode"))
    for money in Money.objects.exclude(alike).select_related("attempt"):
        yield f"{money.provider_id} stands on {money.attempt.ref}: another account's, currency's or mode's."
    if gateway.set_up():
        for attempt in Attempt.objects.in_state(*OPEN_STATES).exclude(livemode=gateway.livemode()):
            yield f"Payment {attempt.ref} is open in another mode than the key's."


@invariant("P6 money is never rewritten")
def guards_gone():
    """The database's own guards are not in place."""
    wanted = {
        "payments_attempt_moves", "payments_money_append_only", "payments_money_within", "payments_refund_moves",
        "payments_refund_within", "payments_card_moves",
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE c.relnamespace = current_schema()::regnamespace AND tgenabled <> 'D' AND NOT tgisinternal"
        )
        there = {name for (name,) in cursor.fetchall()}
    yield from (f"The trigger {name} is not in place." for name in sorted(wanted - there))


@invariant("P7 what is to be refunded is refunded within the hour, or an admin knows")
def refund_forgotten():
    """To be refunded for more than an hour, and nothing waits that would do it or say so."""
    late = Attempt.objects.in_state(Attempt.State.REFUND_DUE).filter(moved_at__lt=clock.now() - timedelta(hours=1))
    for attempt in late.exclude(refunds__state__in=["pending", "failed"]).exclude(money__kind="dispute").distinct():
        yield f"Payment {attempt.ref} has been waiting for its refund since {attempt.moved_at}."


@invariant("P9 what Stripe tells is worked off")
def events_left():
    """An event with which nothing was done for a quarter of an hour. Asked once for the whole installation."""
    with outside():
        left = list(Event.objects.unprocessed().filter(received_at__lt=clock.wall() - SOON))
    yield from (f"Event {event.pk} ({event.type}) has been waiting since {event.received_at}." for event in left)


@invariant("P10 a route leads to an attempt of its company")
def routes_astray():
    """An object at Stripe whose attempt or card is not here, or one of these whose objects lead elsewhere."""
    here = current_company()
    ours = {*Attempt.objects.values_list("uuid", flat=True), *Card.objects.values_list("uuid", flat=True)}
    with outside():
        routes = list(Route.objects.filter(company_id=here.pk))
    yield from (f"{route.object_id} leads to nothing that is here." for route in routes if route.attempt not in ours)
    known = {route.object_id for route in routes}
    for ref, session in Attempt.objects.exclude(session_id="").values_list("ref", "session_id"):
        if session not in known:
            yield f"Nothing leads from {session} to payment {ref}."
    for ref, intent in Attempt.objects.exclude(card=None).exclude(intent_id="").values_list("ref", "intent_id"):
        if intent not in known:
            yield f"Nothing leads from {intent} to payment {ref}."
    for ref, session in Card.objects.exclude(session_id="").values_list("ref", "session_id"):
        if session not in known:
            yield f"Nothing leads from {session} to card {ref}."


@invariant("P13 a saved card is charged for its owner alone, and never after it was forgotten")
def charged_to_another():
    """An attempt with somebody else's card or another account's; or one not yet asked for, whose card is forgotten."""
    alike = Q(card=None) | Q(card__person=F("person"), card__account=F("account"), card__livemode=F("livemode"))
    for attempt in Attempt.objects.exclude(alike):
        yield f"Payment {attempt.ref} is charged to a card that is somebody else’s."
    gone = Attempt.objects.filter(state=Attempt.State.CREATING, request={}, card__state=Card.State.FORGOTTEN)
    for attempt in gone.filter(moved_at__lt=clock.now() - SOON):
        yield f"Payment {attempt.ref} waits for a card that is forgotten."


@invariant("P14 a card is not kept half way")
def cards_stuck():
    """Being saved an hour after its page was to close; or to be forgotten for a month, which is when we give up."""
    late, given_up = clock.now() - timedelta(hours=1), clock.now() - timedelta(days=31)
    forgetting = Q(state=Card.State.FORGETTING, moved_at__lt=given_up)
    for card in Card.objects.filter(Q(state=Card.State.SAVING, expires_at__lt=late) | forgetting):
        yield f"Card {card.ref} has been {card.state} since {card.moved_at}."


@invariant("P12 no attempt stays half way")
def stuck():
    """Being prepared or called off for more than ten minutes."""
    for attempt in Attempt.objects.stuck(clock.now()):
        yield f"Payment {attempt.ref} has been {attempt.state} since {attempt.moved_at}."


@invariant("R17 what the nightly comparison found is explained")
def unexplained():
    """A difference from Stripe's books that nobody has explained for a week."""
    for finding in Finding.objects.unexplained().filter(comparison__made_at__lt=clock.now() - timedelta(days=7)):
        yield f"{finding.provider_id}: {finding.kind}, and nobody has explained it."


@invariant("A company's own account is paid by nobody else's people")
def somebody_elses_account():
    """A payee whose account is another company's own, or a partner whose account is this company's."""
    own = dict(OwnAccount.objects.values_list("account", "company_id"))
    here = current_company().pk
    for payee in Payee.objects.filter(account__in=own):
        if own[payee.account] != here or payee.key != COMPANY:
            yield f"{payee.key} is paid on {payee.account}, which is a company's own."
