"""Eight people and a worker around one store: what each of them may do next, and what must hold whatever they did.

Three ask (one pays by a card that works, one by a card that the bank declines later, one from the salary and by the
month), a manager answers, two admins do whatever admins do, two distributors ship and cancel. The worker charges cards
and makes refunds. What somebody is refused is no error: that nothing of it happened is what is looked at.
"""

from collections import Counter
from contextlib import suppress
from decimal import Decimal

from django.db import transaction

from assets.lifecycle import OPEN_DELIVERY, Status
from assets.models import Device
from orders.budgets.granting import give
from orders.budgets.standing import grant_of, standings_of
from orders.models import LedgerLine, ProductRequest, StoreSettings
from orders.overage.card import KIND
from orders.overage.lapsing import call_off
from orders.overage.paying import begin_paying
from orders.prices import Mode
from orders.store.carts import cart_of
from tests.making import a_person, an_admin, an_integrated_distributor
from tests.orders.asking import a_cart, a_leased_phone, sent
from tests.orders.making import a_budget, a_product, a_variant, bought, given
from tests.payments.making import a_payee
from tests.payments.saving import DECLINED_LATER, GOOD, a_saved_card
from tests.stripe_standin import Declined
from velory import clock
from velory.journal import invariants
from velory.journal.invariants import findings
from velory.journal.reason import NotYours, Refused
from velory.payments import refunds, start
from velory.payments.apply import apply
from velory.payments.models import Attempt, Card, Refund

PRICES = [4990, 9490, 12990]
MOSTLY = [True, True, True, True, False]
ROUNDS = 3  # in which the worker brings everything that is due to its end

OF_MONEY = [
    find for find in invariants._invariants.values() if find.__module__.startswith(("orders", "velory.payments"))
]


class Office:
    """Whoever takes part, and what they can do. `stripe` is the stand-in; the deeds are named in DEEDS."""

    def __init__(self, stripe):
        self.stripe = stripe
        self.payee = a_payee(stripe)
        self.done: Counter = Counter()
        self._people()
        self._store()

    def _people(self):
        self.manager = a_person("Anna", "Lindberg")
        once, monthly = (
            a_budget(phones=(20000, None, 24, Mode.ONE_OFF)),
            a_budget("By the month", phones=(300, None, 24, Mode.MONTHLY)),
        )
        self.more = a_budget("More", phones=(30000, None, 24, Mode.ONE_OFF))
        self.less = a_budget("Less", phones=(5000, None, 24, Mode.ONE_OFF))
        self.once = once
        self.good, self.poor = given(a_person("Ebba", "Sjöberg"), once), given(a_person("Örjan", "Jensen"), once)
        self.leasing = given(a_person("Karin", "Lindqvist"), monthly)
        self.employees = [self.good, self.poor, self.leasing]
        self.cards = {self.good.pk: GOOD, self.poor.pk: DECLINED_LATER}
        self.admins = [an_admin(), an_admin()]
        self.distributors = [an_integrated_distributor(), an_integrated_distributor("Atea")]
        self.actors = [*self.employees, self.manager, *self.admins, *self.distributors]

    def _store(self):
        settings = StoreSettings.to_change()
        settings.salary_deduction = settings.personal_card = True
        settings.approver = self.manager
        settings.save()
        self.variants = [
            a_variant(a_product(f"Fairphone {price}", variants=False, distributor=self.distributors[price % 4 == 2]),
                      price=Decimal(price), **bought())
            for price in PRICES
        ]  # fmt: skip
        self.leased = a_leased_phone()

    # What can be done; each takes `choose`, which picks one of some things

    def act(self, choose, deed):
        """Do one thing; where there is nothing to do it to, something is approved or asked for instead."""
        for instead in (deed, "approve", "ask"):
            with suppress(Nothing):
                self.done[self.tried(instead, choose)] += 1
                return

    def tried(self, deed, choose):
        """What came of it: the deed's name, or that it was refused."""
        try:
            getattr(self, deed)(choose)
        except (Refused, NotYours, Declined):
            return "refused"
        return deed

    def begin(self, choose):
        """Each of the three has asked for more than their budget gives."""
        for person in self.employees:
            self.ask(choose, person=person, quantity=2)

    def ask(self, choose, person=None, quantity=None):
        """Somebody asks for one device or two, and bears what goes over as they can."""
        person = person or choose(self.employees)
        cart_of(person).items.all().delete()
        wish = self.leased if person == self.leasing else choose(self.variants[1:])
        cart = a_cart(person, wish, quantity=quantity or choose([1, 2]))
        way, card = "salary", ""
        if person != self.leasing and choose([True, True, False]):
            way, card = "card", self.card_of(person).ref
        sent(cart, overage=way, card_ref=card)

    def card_of(self, person):
        """The card that they saved, or save now."""
        known = Card.objects.usable_by(person).first()
        return known or a_saved_card(self.stripe, self.cards[person.pk], person=person, payee=self.payee)

    def order_for(self, choose):
        """An admin orders for somebody: at once, and what goes over is the company's."""
        admin, person = choose(self.admins), choose(self.employees)
        cart_of(admin).items.all().delete()
        wish = self.leased if person == self.leasing else choose(self.variants)
        sent(a_cart(admin, wish, to=person))

    def approve(self, choose):
        """Mostly the manager what is pending; else whoever tries, whatever it is."""
        self.request(choose, "pending").approve(by=self.somebody(choose, self.manager), at=clock.now())

    def reject(self, choose):
        """As above."""
        self.request(choose, "pending").reject(by=self.somebody(choose, self.manager), at=clock.now())

    def withdraw(self, choose):
        """Mostly whoever asked, what is not decided."""
        request = self.request(choose, "pending", "payment_needed")
        request.withdraw(by=self.somebody(choose, request.requester), at=clock.now())

    def request(self, choose, *statuses):
        """A request, mostly in one of some statuses."""
        found = ProductRequest.objects.filter(status__in=statuses)
        return self.one_of(choose, found if found and choose(MOSTLY) else ProductRequest.objects.all())

    def somebody(self, choose, person):
        """Mostly that person."""
        return person if choose(MOSTLY) else choose(self.actors)

    def cancel(self, choose):
        """Whatever it is, whoever tries."""
        self.one_of(choose, self.devices()).cancel(by=choose(self.actors), why="Gone")

    def cancel_what_is_open(self, choose):
        """An admin, or its own distributor."""
        device = self.one_of(choose, self.devices().filter(status__in=OPEN_DELIVERY))
        device.cancel(by=choose([*self.admins, device.distributor]))

    def ship(self, choose):
        """Its own distributor, or the other."""
        self.one_of(choose, self.devices()).ship(by=choose(self.distributors))

    def change_budget(self, choose):
        """An admin gives somebody more, less, or what they had."""
        person = choose([self.good, self.poor])
        give(person, choose([self.more, self.less, self.once]), by=choose(self.admins), at=clock.now())

    def charge(self, choose):
        """The worker charges a saved card; what was charged is not charged again."""
        known = Attempt.objects.filter(kind=KIND, card__isnull=False)
        waiting = known.filter(state="creating")
        start.charge(self.one_of(choose, waiting if waiting and choose(MOSTLY) else known), at=clock.now())

    def pay(self, choose):
        """What the card did not do is paid on a page, perhaps looked at later."""
        request = self.one_of(choose, ProductRequest.objects.filter(status="payment_needed"))
        attempt = begin_paying(request, by=request.person, at=clock.now())
        start.checkout(attempt, at=clock.now())
        self.stripe.pay(Attempt.objects.get(pk=attempt.pk).session_url)
        if choose([True, False]):
            apply(attempt, at=clock.now())

    def lapse(self, choose):
        """Nobody paid in time."""
        request = self.one_of(choose, ProductRequest.objects.filter(status="payment_needed"))
        if not call_off(request.ref, at=clock.now()):
            request.withdraw(by=None, at=clock.now())

    def look(self, choose):
        """What Stripe knows of a payment is looked at, for whatever reason."""
        apply(self.one_of(choose, Attempt.objects.filter(kind=KIND)), at=clock.now())

    def give_back(self, choose):
        """The worker makes a refund; once more does nothing."""
        owed = self.one_of(choose, Refund.objects.filter(attempt__kind=KIND))
        refunds.carry_out(owed.ref, at=clock.now())

    def refund_by_hand(self, choose):
        """An admin refunds some of a payment."""
        paid = self.one_of(choose, Attempt.objects.filter(kind=KIND, state="paid"))
        refunds.refund(paid, amount=Decimal(100), reason="A dent", by=choose(self.admins), at=clock.now())

    def devices(self):
        return Device.objects.filter(order_line__isnull=False)

    def one_of(self, choose, rows):
        """One of some rows."""
        found = list(rows.order_by("pk"))
        if not found:
            raise Nothing
        return choose(found)

    # What must hold

    def check(self):
        """After every step: each invariant of orders and payments, and what only whoever looks from outside can say."""
        assert [sentence for find in OF_MONEY for sentence in find()] == []
        for person in self.employees:
            self._balance_is_the_sum(person)
        self._nobody_paid_twice()
        self._nothing_went_back_twice()

    def _balance_is_the_sum(self, person):
        lines, grant = list(LedgerLine.objects.of(person)), grant_of(person)
        for standing in standings_of(person, grant, today=clock.today()):
            taken = -sum((line.amount for line in lines if line.mode == standing.allowance.mode), Decimal(0))
            assert standing.used == taken
            assert standing.left == max(standing.allowance.amount - taken, 0)
            assert taken <= (300 if standing.allowance.is_monthly else 30000)  # the most that was ever given
        again = Counter(line.undoes_id for line in lines if line.undoes_id)
        assert max(again.values(), default=1) == 1

    def _nobody_paid_twice(self):
        """For one request at most one charge was kept, and of no more than was to be paid."""
        refs = {str(one.uuid): one.subject_ref for one in Attempt.objects.filter(kind=KIND)}
        kept: Counter = Counter()
        for charge in self.stripe.charges():
            if not charge["refunded"]:
                kept[refs[charge["metadata"]["velory_attempt"]]] += 1
        assert max(kept.values(), default=1) == 1

    def _nothing_went_back_twice(self):
        """Stripe made each refund of ours once, and no more than came."""
        made = Counter(one["metadata"].get("velory_refund") for one in self.stripe.refunds())
        assert max((many for refund, many in made.items() if refund), default=1) == 1
        for charge in self.stripe.charges():
            assert charge["amount_refunded"] <= charge["amount_captured"]

    def bring_to_an_end(self):
        """The worker goes on until nothing is due; then every cancelled device is made whole at Stripe too."""
        for _round in range(ROUNDS):
            for attempt in Attempt.objects.filter(kind=KIND):
                if attempt.card_id and attempt.is_open:
                    start.charge(attempt, at=clock.now())
                apply(attempt, at=clock.now())
            for owed in Refund.objects.filter(attempt__kind=KIND).exclude(state__in=["succeeded", "failed"]):
                refunds.carry_out(owed.ref, at=clock.now())
        self.check()
        assert findings() == []
        assert not Refund.objects.filter(attempt__kind=KIND).exclude(state="succeeded").exists()
        for device in self.devices().filter(status=Status.CANCELLED, order_line__request_line__request__overage="card"):
            self._card_is_whole(device.order_line.request_line)

    def _card_is_whole(self, line):
        back = sum(one["amount"] for one in self.stripe.refunds())
        owed = Refund.objects.filter(attempt__subject_ref=line.request.ref, state="succeeded")
        assert sum(one.amount_minor for one in owed) <= back
        assert (
            not line.overage or owed.filter(subject_ref=line.cause).exists() or owed.filter(cause="by_admin").exists()
        )


DEEDS = [
    "ask", "ask", "ask", "ask", "approve", "approve", "approve", "approve", "reject", "withdraw", "order_for", "cancel",
    "cancel_what_is_open", "cancel_what_is_open", "ship", "change_budget", "charge", "charge", "charge", "pay", "pay",
    "lapse", "look", "give_back", "give_back", "refund_by_hand",
]  # fmt: skip


def in_a_savepoint(deed):
    """Do something and take all of it back; what is done in it counts as the test's own transaction."""
    with suppress(_Undone), transaction.atomic():
        for block in transaction.get_connection().atomic_blocks:
            block._from_testcase = True
        deed()
        raise _Undone


class Nothing(Exception):
    """There is nothing to which it could be done."""


class _Undone(Exception):
    """Nothing of it stays."""
