"""A cart becomes a request: all of it or nothing, in one transaction.

The cart's row is held first: whoever presses twice waits there, finds the cart empty and gets the request that was
just made. Then the person and their devices are held (`assets/admission.py`), so that the gate and the budget can't
move, and the calculation is done once more. What does not come out as it was shown is shown again, never sent.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assets.admission import admit_all
from orders.budgets.ledger import reserve
from orders.lifecycle import RequestStatus
from orders.models import Cart, ProductRequest, RequestLine
from orders.requests.approvers import approver_for, goes_through_at_once
from orders.store.carts import items_of, wanted_in
from orders.store.reckoning import Reckoning, Unit
from velory import clock
from velory.journal.reason import Reason, Refused
from velory.journal.steps import entry_for, follow
from velory.payments.models import Card
from velory.people.models import Person

NAME = 200  # characters of a line's name


def send(
    cart: Cart, *, by, overage: str = "", card_ref: str = "", note: str = "", location=None, address: str = "",
    seen: str, at,
) -> ProductRequest:  # fmt: skip
    """Ask for what is in a cart, exactly as it was shown under the digest `seen`. Raises Refused.

    A second time it is the request of the first.
    """
    today = clock.local_date(at)
    with transaction.atomic():
        cart = Cart.objects.select_for_update().get(pk=cart.pk)  # alone: what stands beside it is read after the wait
        cart.owner = by
        if not (items := items_of(cart)):
            return _sent_before(cart, seen)
        reckoned = _admitted(cart, items, by=by, seen=seen, today=today)
        overage = _borne_how(reckoned, by, overage, card_ref)
        asked = ProductRequest(
            requester=by, person=reckoned.person, space=cart.space, note=note, overage=overage, location=location,
            card_ref=card_ref if overage == ProductRequest.Overage.CARD else "", address=address, sent_at=at,
            status=RequestStatus.PENDING, version=1,
        )  # fmt: skip
        at_once = goes_through_at_once(by, reckoned.person, today=today)
        asked.approver = None if at_once else approver_for(by, reckoned.person, today=today)
        asked.save(force_insert=True)
        _write_lines(asked, reckoned, at=at)
        _tell(asked, reckoned, at=at)  # before the cart forgets for whom it was
        _empty(cart, asked, seen)
        if at_once or (reckoned.is_within_budget and reckoned.shelf.settings.auto_approve):
            asked.approve(by=by if at_once else None, at=at)
    return asked


def _sent_before(cart, seen):
    if cart.sent is not None and cart.sent_seen == seen:
        return cart.sent
    raise Refused(Reason("empty", _("The cart is empty. It was sent from another tab, perhaps.")))


def _admitted(cart, items, *, by, seen, today):
    """The cart as it is to be ordered, once the gate has let it through and nothing else is in the way."""
    if isinstance(cart.receiver, Person):
        admit_all(cart.receiver, wanted_in(items), today=today)  # the budget can't move any more
    looked = Reckoning(cart, by=by, today=today, items=items)
    if looked.against:
        raise Refused(looked.against)
    if looked.digest != seen:
        text = _("Something has changed since you looked at it. This is how it stands now: look at it again.")
        raise Refused(Reason("changed", text))
    return looked


def _borne_how(reckoned, by, overage, card_ref) -> str:
    """How the person bears what goes over; nothing where nothing does. Raises Refused."""
    if not (reckoned.is_over and reckoned.borne_by_the_person):
        return ""
    if overage not in reckoned.ways:
        raise Refused(Reason("overage", _("Choose how you pay for what goes over your budget.")))
    if why := reckoned.ways[overage]:
        raise Refused(why)
    if overage == ProductRequest.Overage.CARD:
        _know_the_card(by, card_ref, reckoned.today)
    return overage


def _know_the_card(by, card_ref, today):
    card = Card.objects.usable_by(by).filter(ref=card_ref).first()
    if card is None or not card.is_good_on(today):
        raise Refused(Reason("card", _("Save a card first, then send the request.")))


def _write_lines(asked, reckoned, *, at):
    lines = [_line(asked, number, unit, reckoned) for number, unit in enumerate(reckoned.units, start=1)]
    RequestLine.objects.bulk_create(lines)
    for line in lines:
        if line.budget_part is not None:
            reserve(asked.person, line.category, line.price, cause=line.cause, at=at, part=line.budget_part)


def _line(asked, number: int, unit: Unit, reckoned) -> RequestLine:
    variant, price = unit.row.item.variant, unit.price
    lease: dict[str, Any] = {}
    if price.is_monthly:
        lease = {"months": price.months, "provider": price.provider, "residual_percent": variant.residual_percent}
        lease["acquisition_price"] = variant.acquisition_price
    standing = reckoned.shelf.standings.get(variant.product.category_id)
    return RequestLine(
        request=asked, number=number, variant=variant, name=str(variant)[:NAME], article_number=variant.article_number,
        category=unit.row.category, distributor=variant.product.distributor, mode=price.mode, amount=price.amount,
        currency=price.currency, vat_percent=price.vat_percent, budget_part=unit.budget_part, overage=unit.overage,
        overage_vat=unit.overage_vat, renewal_months=standing.allowance.months if standing else None,
        replaces=unit.replaces, **lease,
    )  # fmt: skip


def _empty(cart, asked, seen):
    """Nothing is in it any more, and the next is for its owner again."""
    cart.items.all().delete()
    cart.person, cart.space, cart.for_company = None, None, False
    cart.sent, cart.sent_seen = asked, seen
    cart.save(update_fields=["person", "space", "for_company", "sent", "sent_seen"])


def _tell(asked, reckoned, *, at):
    whom = {"devices": len(reckoned.units), "to": reckoned.name}
    entry = entry_for(asked, "send", by=asked.requester, role="requester", at=at, details=whom)
    entry.save(force_insert=True)
    follow(ProductRequest, "send", [asked], at=at)
