"""Specimens of letters about payments."""

from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from velory import clock
from velory.post.specimens import Thing, specimen

LINK = "https://velory.example/payments/preview/"


@specimen("payments/mismatch", payment="attempt.ref", payer="attempt.person", seller="attempt.payee")
def a_payment_that_does_not_match():
    """Stripe tells another amount."""
    attempt = Thing(
        ref="P-4KX29", person=Thing("Karin Ström"), payee=Thing("3 Step IT"), amount=Decimal("1667.25"), currency="SEK"
    )
    return {"attempt": attempt, "differences": [(_("Amount"), "1 667,25", "1 667,00")], "url": LINK}


@specimen("payments/findings", seller="comparison.name")
def a_night_that_found_something():
    """Two differences for one account."""
    comparison = Thing(name="3 Step IT", account="acct_3StepIT00", made_at=clock.now())
    return {"comparison": comparison, "count": 2, "url": LINK}


@specimen("payments/account_changed", seller="payee")
def an_account_that_takes_cards():
    """It has been connected."""
    return {"payee": Thing("3 Step IT", account="acct_3StepIT00"), "deed": "takes_cards", "standing": None, "url": LINK}


@specimen("payments/connect_account", to_partner=True, day="expires_at")
def an_account_that_is_asked_for():
    """A partner whom people would like to pay."""
    recipient = Thing("3 Step IT", what_for=_("Buy-outs of devices"))
    return {"recipient": recipient, "expires_at": clock.now() + timedelta(days=30), "url": LINK}
