"""An order goes to its distributor: by mail with a link, or to its machine, signed. Tried again by the agenda.

Nothing is asked inside a transaction. A process may end anywhere: what was begun is begun again under the same key, so
that nobody gets an order twice. By mail the outbox sees to that (`velory/post/sending.py`): an order is *sent* once its
letter has been handed to the mail server, and *failed* when that gives up or the letter comes back. A machine is told
the same `Idempotency-Key`, the order's reference, for every try (docs/partners.md).
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from orders.lifecycle import OrderStatus
from orders.models import Order
from orders.ordering import letters, machine, wording
from orders.ordering.channels import address_of, channel_of, secrets_of, way_to
from orders.ordering.letters import DISPATCH
from velory import clock
from velory.agenda import book
from velory.crash import crash
from velory.journal.steps import follows
from velory.post.models import Letter

log = logging.getLogger(__name__)

TRIES = 5
PAUSES = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=20), timedelta(hours=1)]
NO_ADDRESS = _("The distributor has no e-mail address for orders.")
NO_SECRET = _("There is no secret to sign the order with. Make one on the distributor's page.")
CAME_BACK = _("The mail came back.")
GONE = {Letter.State.SENT, Letter.State.DELIVERED, Letter.State.COMPLAINED}
LOST = {Letter.State.FAILED, Letter.State.VOIDED, Letter.State.BOUNCED}


def put_on_the_agenda(order, *, at) -> None:
    """See to an order soon."""
    book.put(DISPATCH, order.ref, at)


@book.does(DISPATCH, apart=True, label=gettext_lazy("Sending an order to its distributor"))
def dispatch(ref: str, at: datetime) -> None:
    """Bring an order one move further on its way. Safe to run twice."""
    order = claim(ref, at)
    if order is not None:
        crash("DISPATCH.after_claim")
        hand_over(order, at)


def claim(ref: str, at: datetime) -> Order | None:
    """Take hold of an order for a moment; what its letter says is noted. It is given back where a machine is asked."""
    with transaction.atomic():
        order = _held(ref)
        if order.status in {OrderStatus.QUEUED, OrderStatus.FAILED} and not letters.lines_of(order):
            if not is_going(order):
                order.call_off(by=None, at=at)
        elif order.status != OrderStatus.QUEUED:
            follow_the_letter(order, at)
        elif way_to(order.distributor) == Order.Way.MAIL:
            by_mail(order, at)
        else:
            return _one_more_try(order, at)
    return None


def call_off_when_it_can_be(order, *, at) -> None:
    """Everything in an order was cancelled, and its row is held: it is called off at once, or looked at again by the
    agenda where it may be going at this moment."""
    if is_going(order) or (order.way == Order.Way.HTTP and order.tries):
        put_on_the_agenda(order, at=at)
    else:
        order.call_off(by=None, at=at)


def is_going(order) -> bool:
    """Whether its letter is just being handed to the mail server; how that ends is heard of."""
    letter = letters.letter_of(order)
    return letter is not None and letter.state == Letter.State.SENDING


def _held(ref):
    order = Order.objects.get(ref=ref)
    order.take_hold()
    return order


# By mail


def by_mail(order, at) -> None:
    """Write the letter of this round, or note what has become of it."""
    order.way, to = Order.Way.MAIL, address_of(order.distributor)
    _keep_way(order)
    letter = letters.letter_of_this_round(order)
    if letter is not None and not _did_not_reach_another_address(letter, to):
        follow_the_letter(order, at, letter)
    elif to:
        letters.write_order(order, to, at=at)
    else:
        order.fail(by=None, at=at, why=NO_ADDRESS)


def _did_not_reach_another_address(letter, to):
    return letter.state in LOST and letter.to.lower() != to.lower()


def follow_the_letter(order, at, letter=None) -> None:
    """The order is where its last letter is: sent once that has gone, failed when it did not go or came back."""
    letter = letter or letters.letter_of(order)
    if letter is None or order.way != Order.Way.MAIL:
        return
    if letter.state in GONE and order.status in {OrderStatus.QUEUED, OrderStatus.FAILED}:
        order.send(by=None, at=at, to=letter.to)
    elif letter.state in LOST and order.status == OrderStatus.QUEUED:
        order.fail(by=None, at=at, why=letter.reason or CAME_BACK)
    elif letter.state == Letter.State.BOUNCED and order.status == OrderStatus.SENT:
        order.fail(by=None, at=at, why=CAME_BACK)


# To a machine


def _one_more_try(order, at):
    secrets = secrets_of(order.distributor, at)
    if not secrets:
        order.fail(by=None, at=at, why=NO_SECRET)
        return None
    order.way, order.tries = Order.Way.HTTP, order.tries + 1
    _keep_way(order)
    return order


def _keep_way(order):
    Order.objects.filter(pk=order.pk).update(way=order.way, tries=order.tries)


def hand_over(order, at) -> None:
    """Ask the machine, outside any transaction, and note how it went."""
    from orders.reports.link import order_link

    channel = channel_of(order.distributor)
    page = order_link(order) if order.written_to else ""
    try:
        number = machine.ask(
            channel.url, wording.body_of(order, letters.lines_of(order), page=page, at=at),
            secrets=secrets_of(order.distributor, at), key=order.ref, wall=clock.wall(),
        )  # fmt: skip
    except machine.Trouble as trouble:
        crash("DISPATCH.after_call")
        give_up_or_wait(order, trouble, at)
    else:
        crash("DISPATCH.after_call")
        note_that_it_went(order, channel.url, number, at)


def note_that_it_went(order, url: str, number: str, at) -> None:
    """They have it, and may have said under which number. Somebody may have been quicker."""
    with transaction.atomic():
        order.take_hold()
        if order.status in {OrderStatus.QUEUED, OrderStatus.FAILED}:
            order.send(by=None, at=at, to=wording.host_of(url))
        if number and order.status == OrderStatus.SENT:
            order.confirm(by=order.distributor, at=at, number=number)


def give_up_or_wait(order, trouble, at) -> None:
    """Not now: once more later, five times in all; for good: an admin is told."""
    log.warning("Order %s, try %s: %s %s", order.ref, order.tries, trouble.reason, trouble.answer)
    with transaction.atomic():
        order.take_hold()
        if order.status != OrderStatus.QUEUED:
            return
        if trouble.for_good or order.tries >= TRIES:
            order.fail(by=None, at=at, why=trouble.reason, answer=trouble.answer)
        else:
            book.put(DISPATCH, order.ref, at + PAUSES[order.tries - 1])


# What sets it going


@follows(Order, "retry")
def once_more(orders, *, name, at):
    """An admin had it sent again."""
    for order in orders:
        put_on_the_agenda(order, at=at)


@follows(Order, "send_link", "renew_link")
def the_link_once_more(orders, *, name, at):
    """The letter again, to the address that the distributor has now, with the link that opens the order now."""
    for order in orders:
        letters.write_order(order, address_of(order.distributor), at=at)
