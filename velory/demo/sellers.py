"""Each company of the demo, and each leasing provider, gets an account at the stand-in for Stripe.

They are opened as they are in real use, and the stand-in is told that their owners have been through its questions.
"""

import http.client
import json
import re
import socket
import time
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from velory import clock
from velory.demo.payments import KEY
from velory.payments.connecting import check, name_account, payee_for, way_to_stripe
from velory.payments.recipients import recipients
from velory.tenancy.context import inside

PATIENCE = 30  # seconds


def stands_in() -> bool:
    """Whether the stand-in is what people pay through."""
    return settings.STRIPE_SECRET_KEY == KEY


def open_accounts(company) -> None:
    """An account for the company and for each who can be paid here. Doing it twice changes nothing."""
    at = clock.now()
    wait_for_the_stand_in()
    with inside(company):
        for recipient in recipients():
            if recipient.is_company:
                here = company.address()
                way_to_stripe(recipient, country=company.country, back=here, again=here, by=None, at=at)
                payee = payee_for(recipient)
                tell_the_stand_in("allow_charges", account=payee.account)
                tell_the_stand_in("send_receipts", account=payee.account, on="on")
                check(payee, at=at)
            elif not payee_for(recipient).account:
                account = "acct_StandIn" + re.sub(r"\W", "", recipient.name)
                tell_the_stand_in("account", id_=account, name=recipient.name, country=company.country)
                tell_the_stand_in("send_receipts", account=account, on="on")
                name_account(recipient, account, by=None, at=at)


def wait_for_the_stand_in() -> None:
    """It is started beside everything else: wait until it answers."""
    address = urlsplit(settings.STRIPE_API_BASE)
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_connection((address.hostname, address.port), timeout=2).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def tell_the_stand_in(verb: str, **facts: str):
    """Let something happen at the stand-in, from outside; returns what it answers."""
    line = http.client.HTTPConnection(urlsplit(settings.STRIPE_API_BASE).netloc, timeout=20)
    try:
        line.request(
            "POST", f"/_standin/{verb}", urlencode(facts), {"Content-Type": "application/x-www-form-urlencoded"}
        )
        answer = line.getresponse()
        said = json.loads(answer.read())
    finally:
        line.close()
    if answer.status != 200:
        raise RuntimeError(f"The stand-in does not {verb}: {said['error']}")
    return said
