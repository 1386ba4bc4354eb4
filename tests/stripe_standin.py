"""The fixture `stripe`: the demo's stand-in for Stripe, in the test's own process, empty at the start of each test.

    account = stripe.account("acct_Nordvik", name="Nordvik Energi AB", country="SE")   # takes money; returns its id
    stripe.pay(attempt.session_url)                        # 4242…; or card="4000000000000002"
    stripe.deliver(client)                                 # signed events to the product's webhook, each once
    stripe.events("checkout.session.completed")            # what happened, the oldest first
    stripe.clock.push(hours=25)                            # on its own clock: sessions expire, keys are forgotten

The product speaks to it over HTTP with the real library; settings point to it for the length of the test.
"""

import json
import random
import threading
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from velory.demo.stripe import webhooks
from velory.demo.stripe.hands import Declined, Hands
from velory.demo.stripe.server import Server
from velory.demo.stripe.standin import Standin

KEY, LIVE_KEY, SECRET = "sk_test_standin", "sk_live_standin", "whsec_standin"
ASKS, DECLINED, POOR = "4000002760003184", "4000000000000002", "4000000000009995"
REFUND_IS_SLOW, REFUND_FAILS_LATER, DISPUTED = "4000000000007726", "4000000000005126", "4000000000000259"
WEBHOOK = "/stripe/webhook/"
__all__ = ["ASKS", "DECLINED", "DISPUTED", "POOR", "REFUND_FAILS_LATER", "REFUND_IS_SLOW", "Declined", "Stripe"]


class Stripe(Hands):
    """What a test can do with Stripe. What sellers, payers and banks do stands in `velory/demo/stripe/hands.py`."""

    key, secret = KEY, SECRET

    def __init__(self):
        super().__init__(Standin())
        self.server = Server(self.standin)
        self.url = self.standin.origin = f"http://127.0.0.1:{self.server.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def reset(self):
        self.standin.reset()

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

    def account(self, id_="acct_Nordvik", **facts):
        """A connected account that takes money, unless it is not `ready`. Returns its id."""
        return super().account(id_, **facts)

    # What happened

    def receipts(self):
        """The receipts that sellers had sent: to whom, and how much."""
        return [(one["to"], one["amount"], one["currency"]) for one in self.all_of("receipt")]

    def sessions(self):
        """All of them, the oldest first."""
        return self.all_of("checkout.session")

    def charges(self):
        """Those that succeeded."""
        return [one for one in self.all_of("charge") if one["status"] == "succeeded"]

    def refunds(self):
        """All of them, in whatever state."""
        return self.all_of("refund")

    def intents(self):
        """All of them."""
        return self.all_of("payment_intent")

    def change(self, thing, **facts):
        """Falsify what Stripe says of a thing, by its id: `stripe.change(session_id, amount_total=1)`."""
        with self.state.whole():
            return self.state.change(self.state.things[thing], **facts)

    # Events

    def events(self, kind=None):
        """What happened, the oldest first; of one kind where it is named."""
        return [one for one in self.all_of("event") if kind in (None, one["type"])]

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

    def letter(self, event):
        """Body and headers of an event as it is sent, as the knobs have it."""
        return webhooks.letter(self.state, self.knobs, event, SECRET)

    @contextmanager
    def endpoint(self, *, answers=()):
        """Somewhere to send events to by themselves: `answers` are its first statuses, then it takes all."""
        place = Endpoint(list(answers))
        threading.Thread(target=place.serve_forever, daemon=True).start()
        place.send = webhooks.Sender(self.standin, f"http://127.0.0.1:{place.server_port}/", SECRET).send_what_is_due
        try:
            yield place
        finally:
            place.shutdown()
            place.server_close()

    def page(self, url, form=None, *, language="en", follow=True):
        """A hosted page as a browser without script sees it: status, text and address."""
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        request = urllib.request.Request(url, data, {"Accept-Language": language, "Accept": "text/html"})
        opener = urllib.request.build_opener(*([] if follow else [StandStill()]))
        try:
            with opener.open(request, timeout=20) as answer:
                return answer.status, answer.read().decode(), answer.url
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read().decode(), answer.headers.get("Location", answer.url)

    def shuffled(self, seed, *events):
        """The events (all, unless some are named) in another order."""
        events = list(events or self.events())
        random.Random(seed).shuffle(events)
        return events


class Endpoint(ThreadingHTTPServer):
    """Takes events, or refuses them."""

    def __init__(self, answers):
        self.answers, self.heard = answers, []
        super().__init__(("127.0.0.1", 0), EndpointHandler)


class EndpointHandler(BaseHTTPRequestHandler):
    def do_POST(self):
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.heard.append(told["type"])
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        """Nothing."""


class StandStill(urllib.request.HTTPRedirectHandler):
    """Stay where one is sent away from."""

    def redirect_request(self, *args):
        return None


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
    settings.STRIPE_CHECKOUT_ORIGIN = settings.STRIPE_CONNECT_ORIGIN = stripe_server.url
    return stripe_server
