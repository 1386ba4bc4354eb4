"""Makers of what distributors report."""

import hashlib
import hmac
import json

from orders.models import Report
from orders.ordering.channels import renew_secret
from orders.reports.applying import take_in
from tests.making import an_admin
from tests.orders.wishing import an_order
from velory import clock
from velory.tenancy.context import current_company

SAID = iter(range(1, 10**9))


def a_sent_order(lines=1, *, kinds=None, **facts):
    """An order of so many phones that the distributor has by mail."""
    order = an_order(*(kinds or [{}] * lines), **facts)
    if order.status == "queued":
        order.send(by=None, at=clock.now(), to=order.distributor.email)
    return order


def said(order, sequence, lines=(), **facts):
    """A message as the distributor's machine sends it."""
    message = {
        "company": str(current_company().uuid), "order": order.ref, "message_id": f"m-{order.ref}-{sequence}",
        "sequence": sequence, "lines": list(lines),
    }  # fmt: skip
    return message | facts


def hears(order, message, *, at=None):
    """Taken in as the feed does."""
    return take_in(
        order, message, way=Report.Way.FEED, by=order.distributor, at=at or clock.now(),
        message_id=message["message_id"], sequence=message["sequence"],
    )  # fmt: skip


def a_secret(partner, *, at=None):
    """A secret that we share with a distributor."""
    return renew_secret(partner, by=an_admin(), at=at or clock.now())


def signed(body: bytes, secret: str, *, seconds=0):
    """The header under which a body is sent, signed so many seconds from now by the machine's clock."""
    stamp = str(int(clock.wall().timestamp()) + seconds)
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={digest}"


def posts(browser, partner, message, secret, *, seconds=0, header=None, body=None, **more):
    """A signed message to the feed's door."""
    body = json.dumps(message).encode() if body is None else body
    headers = {"Velory-Signature": signed(body, secret, seconds=seconds) if header is None else header}
    address = f"/partners/{partner.ref}/orders/"
    return browser.post(address, body, content_type="application/json", headers=headers, **more)


def devices(order):
    """The order's devices by line, as they are now."""
    return {line.number: line.device for line in order.lines.select_related("device").order_by("number")}
