"""Specimens of letters about requests, orders and deliveries."""

from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from velory import clock
from velory.post.specimens import Thing, specimen

LINK = "https://velory.example/requests/preview/"
NAME, CURRENCY = "iPhone 15, 128 GB", "SEK"
ADMIN = "Nils Wikström"


def _whom():
    return Thing("Karin Ström")


def _device():
    return Thing(
        NAME, name=NAME, distributor=Thing("Dustin"), tracking_number="JJSE7340012", holder=_whom(), space="",
        open_contract=Thing(provider=Thing("3 Step IT"), months=24, acquisition_price=Decimal(7495), currency=CURRENCY),
        purchase_price=Decimal(7495), currency=CURRENCY,
    )  # fmt: skip


def _order():
    return Thing("B-7K4M29", ref="B-7K4M29", number="4500118", distributor=Thing("Dustin"),
                 why_not_sent=_("The mail server could not be reached."))  # fmt: skip


def _request():
    request = Thing("R-7K4M29", ref="R-7K4M29", note="", message="", person=_whom(), sent_at=clock.now())
    line = Thing(amount=Decimal(349), currency=CURRENCY, is_monthly=True)
    return {
        "request": request, "asked": [Thing(number=1, name=NAME, line=line)], "what": NAME, "requester": _whom(),
        "whom": _whom(), "is_requester": True, "decided_by": ADMIN, "instead_of": "", "within_budget": True,
        "no_budget": False, "because": _("It was not paid in time."), "url": LINK,
    }  # fmt: skip


@specimen(
    "orders/request_to_approve", "orders/request_withdrawn", device="what", requester="requester",
    holder="whom", request="request.ref",
)  # fmt: skip
def a_request():
    """For one phone."""
    return _request()


@specimen("orders/request_approved", "orders/request_rejected", device="what", requester="requester",
          holder="whom", request="request.ref", decided_by="decided_by")  # fmt: skip
def an_answer():
    """An admin's."""
    return _request()


@specimen("orders/requests_digest", number="number")
def the_requests_of_a_day():
    """One that waits."""
    made = _request()
    waiting = [(made["request"], NAME, made["whom"], LINK)]
    return {"waiting": waiting, "number": 1, "more": 0, "url": LINK}


@specimen("orders/payment_needed", "orders/payment_reminder", device="what", request="request.ref", day="last_day")
def a_payment():
    """The bank wants the payer to confirm it."""
    return {
        "request": _request()["request"], "what": NAME, "amount": Decimal(490), "currency": CURRENCY,
        "cause": "needs_person", "last_day": clock.today() + timedelta(days=1), "seller": "Nordvik", "url": LINK,
    }  # fmt: skip


@specimen("orders/money_back", "orders/money_back_to_admins", device="what", request="request.ref", seller="seller")
def money_that_goes_back():
    """It was paid too late."""
    return {
        "attempt": Thing(ref="P-4KX29", currency=CURRENCY), "request": _request()["request"], "what": NAME,
        "amount": Decimal(490), "cause": "too_late", "payer": _whom(), "seller": "Nordvik", "url": LINK,
    }  # fmt: skip


@specimen("orders/order", to_partner=True, order="order.ref", day="ordered_on")
def an_order():
    """One phone."""
    line = Thing(number=1, article_number="MTP03QN", device=_device())
    return {
        "order": _order(), "lines": [line], "alike": [Thing(line=line, count=1, numbers="1")], "url": LINK,
        "delivery": Thing(lines=["Nordvik", "Karin Ström", "Sveavägen 44", "111 34 Stockholm"]),
        "invoices": [Thing(payer="3 Step IT", numbers=[1], lines="1")], "is_one_invoice": True,
        "ordered_on": clock.today(),
    }  # fmt: skip


@specimen("orders/order_failed", order="order.ref", distributor="order.distributor")
def an_order_that_failed():
    """It has not reached its distributor."""
    return {"order": _order(), "lines": [Thing(number=1, device=_device())], "url": LINK}


@specimen("orders/attention", number="number")
def a_report_that_needs_attention():
    """A status that nobody knows."""
    report = Thing(distributor="Dustin", order="B-7K4M29", received_at=clock.now())
    return {"reports": [(report, [_("Line 1 has a status that is not known here.")])], "number": 1, "url": LINK}


@specimen("orders/shipped", "orders/delivered", "orders/receipt_reminder", device="only.device.name",
          distributor="only.device.distributor", order="only.order.ref")  # fmt: skip
def a_delivery():
    """One phone, on its way and then there."""
    part = Thing(
        device=_device(), order=_order(), shows_way=True, expected_on=clock.today() + timedelta(days=2), track=LINK,
        by_itself=False, may_receive=True, will_receive=True, comes_by_itself=False, numbers_missing=False,
        is_theirs=True,
    )  # fmt: skip
    return {
        "parts": [part], "only": part, "is_holder": True, "url": LINK, "orders_url": LINK,
        "delivered_on": clock.today() - timedelta(days=3),
    }  # fmt: skip


@specimen("orders/cancelled", device="first.device.name", order="order.ref", distributor="order.distributor",
          day="cancelled_on")  # fmt: skip
def a_cancellation():
    """Nothing was taken for it, so nothing is given back."""
    one = Thing(device=_device(), back=Thing(is_anything=False), replaces=None)
    return {
        "order": _order(), "cancelled": [one], "first": one, "entry": Thing(by_name="Dustin"), "why_not": "",
        "cancelled_on": clock.today(), "whose": None, "is_theirs": True, "url": LINK,
    }  # fmt: skip
