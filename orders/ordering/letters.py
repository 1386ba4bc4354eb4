"""What is written about orders: the order itself to the distributor, and to the admins that one did not get there."""

import hashlib

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from assets.lifecycle import Status
from orders.lifecycle import OrderStatus
from orders.models import Order
from orders.ordering import wording
from velory import clock
from velory.agenda import book
from velory.journal.reason import Reason
from velory.journal.steps import follows
from velory.people.models import Person
from velory.post.letters import call_off, draft, letter, write_letter, write_letters
from velory.post.models import Letter
from velory.tenancy.context import current_company

DISPATCH = "orders.dispatch"
ORDER, FAILED = "orders/order", "orders/order_failed"
NOTHING_LEFT = gettext_noop("Everything in it was cancelled.")
LINK_ENDED = gettext_noop("The link to the order was renewed or ended meanwhile.")

# Which letter carries an order


def letters_of(order):
    """Every letter that carries an order, the copies that were sent from the mail page among them."""
    return Letter.objects.filter(key__startswith=f"{ORDER}/{order.ref}/")


def letter_of(order) -> Letter | None:
    """The last of them."""
    return letters_of(order).order_by("-pk").first()


def letter_of_this_round(order) -> Letter | None:
    """The last since an admin had it sent again."""
    return letters_of(order).filter(key__startswith=f"{ORDER}/{order.ref}/{_round(order)}/").order_by("-pk").first()


def _round(order) -> int:
    return order.journal.of_steps(["retry", "send_link", "renew_link"]).count()


def write_order(order, to: str, *, at) -> Letter | None:
    """The order with its link, to an address of the distributor; once a round."""
    address = hashlib.sha256(to.lower().encode()).hexdigest()[:12]
    partner = order.distributor
    return write_letter(
        ORDER, key=f"{ORDER}/{order.ref}/{_round(order)}/{address}", to=to, to_name=partner.name,
        language=partner.language, context={"order": order.ref}, at=at,
    )  # fmt: skip


# The order, to the distributor


def still_ordered(letter, at):
    """There is something left to deliver, and the distributor is still written to there."""
    order = _order(letter)
    if order.status == OrderStatus.CALLED_OFF or not lines_of(order):
        return Reason("called_off", NOTHING_LEFT)
    if order.written_to.lower() != letter.to.lower():
        return Reason("moved", _("The distributor has another address now."))
    return None


def how_it_fared(letter) -> None:
    """It went, did not, or came back: the order follows."""
    book.put(DISPATCH, letter.context["order"], clock.now())


@letter(ORDER, check=still_ordered, heard=how_it_fared, label=gettext_lazy("Order, to the distributor"))
def what_is_ordered(letter):
    """Every device, for whom, where to, who gets the invoice; and the order's own page."""
    from orders.reports.link import order_link

    order = _order(letter)
    lines = lines_of(order)
    return {
        "order": order, "lines": lines, "alike": wording.alike(lines), "url": order_link(order),
        "delivery": wording.delivery_of(order),
        "invoices": wording.invoices_of(lines), "is_one_invoice": len(wording.invoices_of(lines)) == 1,
        "ordered_on": wording.ordered_on(order),
    }  # fmt: skip


def _order(letter):
    return Order.objects.with_what_a_reader_sees().get(ref=letter.context["order"])


def lines_of(order) -> list:
    """Its lines without those that were cancelled."""
    lines = order.lines.select_related(
        "device__category", "device__holder", "device__space", "device__contract__provider"
    )
    return [line for line in lines if line.device.status != Status.CANCELLED]


@follows(Order, "renew_link", "end_link")
def no_letter_from_before(orders, *, name, at):
    """One that still waits would bring a link that opens the order."""
    for order in orders:
        call_off(letters_of(order), LINK_ENDED)


# To the admins


def still_failed(letter, at):
    """Nobody has had it sent again meanwhile."""
    if _order(letter).status != OrderStatus.FAILED:
        return Reason("sent", _("It has been sent again meanwhile."))
    return None


@letter(FAILED, check=still_failed, label=gettext_lazy("Order could not be sent, to the admins"))
def what_did_not_get_there(letter):
    """Which order, why not, and its page with the button."""
    order = _order(letter)
    return {"order": order, "lines": lines_of(order), "url": current_company().address(order.get_absolute_url())}


@follows(Order, "fail")
def the_admins_are_told(orders, *, name, at):
    """Each of them, once for each failure."""
    admins = list(Person.objects.admins_to_write_to(clock.local_date(at)))
    write_letters(
        [
            draft(
                FAILED, key=f"{FAILED}/{order.ref}/{order.version}/{admin.ref}", person=admin, at=at,
                context={"order": order.ref},
            )
            for order in orders
            for admin in admins
        ],
        at=at,
    )  # fmt: skip


@follows(Order, "call_off")
def nothing_is_sent_any_more(orders, *, name, at):
    """A letter that has not gone yet is called off."""
    for order in orders:
        call_off(letters_of(order), NOTHING_LEFT)
