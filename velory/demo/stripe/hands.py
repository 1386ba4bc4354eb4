"""What sellers, holders of cards and their banks do when they are told to: by a test, or from the control page."""

from velory.demo.stripe import accounts, disputes, intents, refunds, sessions
from velory.demo.stripe.cards import GOOD, card_of
from velory.demo.stripe.errors import StripeError
from velory.demo.stripe.knobs import Fault
from velory.demo.stripe.state import Place


class Declined(Exception):
    """The bank refused; the words that the page shows."""


class Hands:
    """Everything that can happen to a `standin` from outside. A thing that is not named is the latest one."""

    def __init__(self, standin):
        self.standin = standin

    @property
    def state(self):
        """What it remembers."""
        return self.standin.state

    def all_of(self, kind):
        """The things of a kind, the oldest first."""
        self.standin.tick()
        with self.state.lock:
            return list(reversed(self.state.all(None, kind)))

    def _named(self, kind, id_):
        found = self.state.things.get(id_) if id_ else next(iter(self.state.all(None, kind)), None)
        if found is None or found["object"] != kind:
            raise StripeError(f"There is no {kind} {id_ or 'yet'}.")
        return found

    # Sellers

    def account(self, id_=None, *, name="Nordvik Energi AB", country="SE", currency=None, ready=True, **facts):
        """A connected account; one that is not `ready` takes no money yet. Returns its id."""
        with self.state.whole():
            account = accounts.open_account(
                self.state, id_=id_, ready=ready, country=country, default_currency=currency,
                business_profile={"name": name}, **facts,
            )  # fmt: skip
        return account["id"]

    def disconnect(self, account):
        """The seller takes the platform's access away."""
        with self.state.whole():
            accounts.disconnect(self.state, self._named("account", account))

    def connect(self, account):
        """...and gives it back."""
        with self.state.whole():
            self.state.change(self._named("account", account), _disconnected=False)

    def stop_charges(self, account):
        """Stripe lets the account take no more money."""
        with self.state.whole():
            accounts.allow_charges(self.state, self._named("account", account), allowed=False)

    def allow_charges(self, account):
        """Stripe lets it again."""
        with self.state.whole():
            accounts.allow_charges(self.state, self._named("account", account), allowed=True)

    def send_receipts(self, account, *, on=True):
        """The seller's setting: whether who paid gets a receipt from Stripe."""
        with self.state.whole():
            self.state.change(self._named("account", account), _receipts=on)

    # Those who pay

    def pay(self, session, card=GOOD, *, email="payer@example.com", sure=True):
        """Pay on a page, given its address or the session's id. Returns the session as Stripe has it then.

        Raises `Declined` with the bank's words. A card that asks for its holder is confirmed, unless not `sure`.
        """
        thing = self.session(session)
        try:
            with self.state.whole():
                sessions.pay(self.state, thing, card_of(card), self.standin.origin, email=email)
                if thing["status"] == "open" and sure:
                    sessions.pay(self.state, thing, card_of(card), self.standin.origin, sure=True)
        except StripeError as refusal:
            raise Declined(str(refusal)) from None
        return thing

    def say_no(self, session):
        """The holder does not confirm with their bank what `pay(…, sure=False)` began."""
        thing = self.session(session)
        try:
            with self.state.whole():
                intents.holder_says_no(self.state, Place(*thing["_place"]), self.state.things[thing["payment_intent"]])
        except StripeError:
            return thing
        return thing

    def session(self, name=None):
        """A session by its id or the address of its page."""
        return self._named("checkout.session", str(name or "").rstrip("/").rpartition("/")[2])

    def expire(self, session=None):
        """Stripe closes the page."""
        with self.state.whole():
            return sessions.expire(self.state, self.session(session))

    # Banks

    def dispute(self, charge=None, amount=None):
        """The holder of a card takes a charge back."""
        charge = self._named("charge", charge)
        with self.state.whole():
            return disputes.open_dispute(self.state, Place(*charge["_place"]), charge, amount)

    def decide_dispute(self, dispute=None, *, won):
        """The bank decides on one, given itself or its id."""
        dispute = self._named("dispute", dispute["id"] if isinstance(dispute, dict) else dispute)
        with self.state.whole():
            return disputes.decide(self.state, Place(*dispute["_place"]), dispute, won=won)

    def win_dispute(self, dispute=None):
        """The money comes back to the seller."""
        return self.decide_dispute(dispute, won=True)

    def lose_dispute(self, dispute=None):
        """The money is gone."""
        return self.decide_dispute(dispute, won=False)

    def refund_by_hand(self, charge=None, amount=None):
        """The seller refunds on Stripe's own pages: the product did not ask."""
        charge = self._named("charge", charge)
        with self.state.whole():
            return refunds.refund(self.state, Place(*charge["_place"]), charge, amount, fate="")

    def settle_refunds(self):
        """Banks have thought about what they had to: slow refunds succeed, `fail_later` ones fail."""
        with self.state.whole():
            return refunds.settle(self.state, at_once=True)

    def fail_refund(self, refund=None):
        """A refund that had succeeded comes back."""
        refund = self._named("refund", refund)
        with self.state.whole():
            return refunds.fail(self.state, Place(*refund["_place"]), refund)

    # What goes wrong

    def fails(self, at, *, times=1, done=False, status=500, stored=True):
        """The next calls such as `POST /v1/refunds` answer 500. `done`: after the work, and only the answer is lost."""
        self._breaks(Fault(at, "error", times, done=done, status=status, stored=stored))

    def stalls(self, at, seconds, *, times=1, done=False):
        """They take this long; the work is done afterwards, or before (`done`)."""
        self._breaks(Fault(at, "stall", times, seconds=float(seconds), done=done))

    def cuts(self, at, *, times=1):
        """The work is done, and the line is cut before the answer."""
        self._breaks(Fault(at, "cut", times))

    def meanwhile(self, at, call, *, times=1, done=False):
        """`call()` happens just before such a call (after it, where `done`), in the thread of Stripe."""
        self._breaks(Fault(at, "call", times, call=call, done=done))

    def _breaks(self, fault):
        self.standin.knobs.faults.append(fault)

    def heal(self):
        """No more faults, and the knobs as they were."""
        self.standin.knobs.heal()

    def forget_keys(self):
        """Every idempotency key is forgotten, as after a day."""
        with self.state.whole():
            for one in self.state.all(None, "idempotent"):
                self.state.forget(one)

    def resend(self, event=None):
        """Send an event again."""
        with self.state.whole():
            event = self._named("event", event)
            return self.state.change(event, _waits=True, _lost=False, _tries=1, _next=0)

    def push(self, *, days=0, hours=0, minutes=0):
        """Let time pass for Stripe alone."""
        self.state.clock.push(days=float(days), hours=float(hours), minutes=float(minutes))
