"""The fixture `stripe`: the demo's stand-in for Stripe, in the test's own process, empty at the start of each test.

    account = stripe.account("acct_Nordvik", name="Nordvik Energi AB", country="SE")   # takes money
    stripe.pay(attempt.session_url)                        # 4242…; or card="4000000000000002"
    stripe.deliver(client)                                 # signed events to the product's webhook, each once
    stripe.events("checkout.session.completed")            # what happened, the oldest first
    stripe.clock.push(hours=25)                            # on its own clock: sessions expire, keys are forgotten

The product speaks to it over HTTP with the real library; settings point to it for the length of the test.
"""

import json
import random
import threading

import pytest

from velory.demo.stripe import accounts, disputes, intents, refunds, sessions, webhooks
from velory.demo.stripe.cards import GOOD, card_of
from velory.demo.stripe.errors import StripeError
from velory.demo.stripe.knobs import Fault
from velory.demo.stripe.server import Server
from velory.demo.stripe.standin import Standin
from velory.demo.stripe.state import Place

KEY, LIVE_KEY, SECRET = "sk_test_standin", "sk_live_standin", "whsec_standin"
ASKS, DECLINED, POOR = "4000002760003184", "4000000000000002", "4000000000009995"
REFUND_IS_SLOW, REFUND_FAILS_LATER, DISPUTED = "4000000000007726", "4000000000005126", "4000000000000259"
WEBHOOK = "/hooks/stripe/"


class Stripe:
    """What a test can do with Stripe."""

    key, secret = KEY, SECRET

    def __init__(self):
        self.standin = Standin()
        self.server = Server(self.standin)
        self.url = self.standin.origin = f"http://127.0.0.1:{self.server.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def reset(self):
        self.standin.reset()

    @property
    def state(self):
        return self.standin.state

    @property
    def knobs(self):
        """Delay, drop, copies, shuffle, wrong_secret, flip_livemode, complete_before_expire, refunds."""
        return self.standin.knobs

    @property
    def clock(self):
        """Stripe's own clock: `stripe.clock.push(hours=25)`."""
        return self.state.clock

    def client(self, key=KEY):
        """The real library, speaking to the stand-in."""
        import stripe

        return stripe.StripeClient(key, base_addresses={"api": self.url}, max_network_retries=0)

    # Sellers

    def account(
        self, id_="acct_Nordvik", *, name="Nordvik Energi AB", country="SE", currency=None, ready=True, **facts
    ):
        """A connected account; one that is not `ready` takes no money yet. Returns its id."""
        with self.state.whole():
            account = accounts.open_account(
                self.state, id_=id_, ready=ready, country=country, default_currency=currency,
                business_profile={"name": name}, **facts,
            )  # fmt: skip
        return account["id"]

    def receipts(self):
        """The receipts that sellers had sent: to whom, and how much."""
        return [(one["to"], one["amount"], one["currency"]) for one in reversed(self.state.all(None, "receipt"))]

    def disconnect(self, account):
        """The seller takes the platform's access away."""
        with self.state.whole():
            accounts.disconnect(self.state, self.state.things[account])

    def stop_charges(self, account):
        """Stripe lets the account take no more money."""
        with self.state.whole():
            accounts.allow_charges(self.state, self.state.things[account], allowed=False)

    # What a person does on the page

    def pay(self, session, card=GOOD, *, sure=True):
        """Pay on a page, given its address or the session's id. Returns the session as Stripe has it then.

        Raises `Declined` with the bank's words. A card that asks for its holder is confirmed, unless not `sure`.
        """
        thing = self.session(session)
        try:
            with self.state.whole():
                sessions.pay(self.state, thing, card_of(card), self.url, email="payer@example.com")
                if thing["status"] == "open" and sure:
                    sessions.pay(self.state, thing, card_of(card), self.url, sure=True)
        except StripeError as refusal:
            raise Declined(str(refusal)) from None
        return thing

    def say_no(self, session):
        """The holder does not confirm with their bank what `pay(…, sure=False)` began."""
        thing = self.session(session)
        with pytest.raises(StripeError), self.state.whole():
            intents.holder_says_no(self.state, Place(*thing["_place"]), self.state.things[thing["payment_intent"]])

    def expire(self, session):
        """Stripe closes the page."""
        with self.state.whole():
            return sessions.expire(self.state, self.session(session))

    def session(self, name):
        """A session by its id or the address of its page."""
        return self.state.things[str(name).rstrip("/").rpartition("/")[2]]

    def sessions(self):
        """All of them, the oldest first."""
        return self._all("checkout.session")

    def charges(self):
        """Those that succeeded."""
        return [one for one in self._all("charge") if one["status"] == "succeeded"]

    def refunds(self):
        """All of them, in whatever state."""
        return self._all("refund")

    def intents(self):
        """All of them."""
        return self._all("payment_intent")

    def _all(self, kind):
        self.standin.tick()
        return list(reversed(self.state.all(None, kind)))

    def change(self, thing, **facts):
        """Falsify what Stripe says of a thing, by its id: `stripe.change(session_id, amount_total=1)`."""
        with self.state.whole():
            return self.state.change(self.state.things[thing], **facts)

    # What banks do

    def dispute(self, charge=None, amount=None):
        """The holder of a card takes a charge back (the latest one, unless one is named)."""
        charge = self.state.things[charge] if charge else self.charges()[-1]
        with self.state.whole():
            return disputes.open_dispute(self.state, Place(*charge["_place"]), charge, amount)

    def decide_dispute(self, dispute, *, won):
        """The bank decides."""
        with self.state.whole():
            return disputes.decide(self.state, Place(*dispute["_place"]), dispute, won=won)

    def settle_refunds(self):
        """Banks have thought about what they had to: slow refunds succeed, `fail_later` ones fail."""
        with self.state.whole():
            return refunds.settle(self.state, at_once=True)

    def fail_refund(self, refund=None):
        """A refund that had succeeded comes back (the latest one, unless one is named)."""
        refund = self.state.things[refund] if refund else self.refunds()[-1]
        with self.state.whole():
            return refunds.fail(self.state, Place(*refund["_place"]), refund)

    def refund_by_hand(self, charge=None, amount=None):
        """The seller refunds on Stripe's own pages: the product did not ask."""
        charge = self.state.things[charge] if charge else self.charges()[-1]
        with self.state.whole():
            return refunds.refund(self.state, Place(*charge["_place"]), charge, amount, fate="")

    # Events

    def events(self, kind=None):
        """What happened, the oldest first; of one kind where it is named."""
        return [one for one in self._all("event") if kind in (None, one["type"])]

    def deliver(self, client, *events, path=WEBHOOK, secret=SECRET, at=None, host="localhost"):
        """Post events to the product's webhook: the named ones, or all that were not delivered, as the knobs have it.

        Returns the answers. Needs a test client; the company's host does not matter.
        """
        self.standin.tick()
        with self.state.whole():
            events = events or tuple(webhooks.due(self.state, self.knobs))
        answers = []
        for event in events:
            body, headers = webhooks.letter(self.state, self.knobs, event, secret, at=at)
            answers.append(self.post(client, body, headers["Stripe-Signature"], path=path, host=host))
            with self.state.whole():
                if event["id"] in self.state.things:
                    (webhooks.taken if answers[-1].status_code < 300 else webhooks.not_taken)(self.state, event)
        return answers

    def post(self, client, body, signature, *, path=WEBHOOK, host="localhost"):
        """Post whatever to the webhook."""
        headers = {} if signature is None else {"Stripe-Signature": signature}
        return client.post(path, body, content_type="application/json", headers=headers, HTTP_HOST=host)

    def sign(self, body, secret=SECRET, at=None):
        """The signature of a body, as of now unless `at` (seconds) says otherwise."""
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        return webhooks.sign(body, secret, self.clock.wall() if at is None else at)

    def shuffled(self, seed, *events):
        """The events (all, unless some are named) in another order."""
        events = list(events or self.events())
        random.Random(seed).shuffle(events)
        return events

    # What goes wrong

    def fails(self, at, *, times=1, done=False, status=500, stored=True):
        """The next calls such as `POST /v1/refunds` answer 500. `done`: after the work, and only the answer is lost."""
        self.knobs.faults.append(Fault(at, "error", times, done=done, status=status, stored=stored))

    def stalls(self, at, seconds, *, times=1, done=False):
        """They take this long."""
        self.knobs.faults.append(Fault(at, "stall", times, seconds=seconds, done=done))

    def cuts(self, at, *, times=1):
        """The work is done, and the line is cut before the answer."""
        self.knobs.faults.append(Fault(at, "cut", times))

    def meanwhile(self, at, call, *, times=1, done=False):
        """`call()` happens just before such a call (after it, where `done`), in the thread of Stripe."""
        self.knobs.faults.append(Fault(at, "call", times, call=call, done=done))

    def forget_keys(self):
        """Every idempotency key is forgotten, as after a day."""
        with self.state.whole():
            for one in self.state.all(None, "idempotent"):
                self.state.forget(one)


class Declined(Exception):
    """The bank refused; the words that the page shows."""


@pytest.fixture(scope="session")
def stripe_server():
    """The one server of a run."""
    return Stripe()


@pytest.fixture
def stripe(stripe_server, settings):
    """Stripe, with nothing in it."""
    stripe_server.reset()
    settings.STRIPE_SECRET_KEY = KEY
    settings.STRIPE_WEBHOOK_SECRETS = [SECRET]
    settings.STRIPE_API_BASE = stripe_server.url
    settings.STRIPE_CHECKOUT_ORIGIN = stripe_server.url
    return stripe_server
