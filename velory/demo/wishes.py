"""What people of a company have asked for: requests that wait, and orders in every place where one can be.

All of it goes the way that it goes in life: put into the cart, sent, approved, written to the distributor, reported.
Whoever asks has nothing else going on, so that the ways of old devices are left alone. Each story is told once.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count

from assets.models import Device
from orders.models import Order, ProductRequest, Report, StoreSettings, Variant
from orders.ordering import dispatch
from orders.prices import Mode
from orders.reports.applying import take_in
from orders.requests.sending import send
from orders.store.carts import cart_of, put
from orders.store.reckoning import Reckoning
from velory import clock
from velory.demo.integrated import tell_the_machine
from velory.people.models import Person, Role

MORE_THAN_ANY_STAGE = timedelta(days=200)
KEYS, HEADSET, EARPHONES, MOUSE, CAMERA = "5011300338", "5011300317", "5011300331", "5011300352", "5011300359"
SCREEN, DOCK, COMPUTER = "5011300310", "5011300366", "5011300233"
CARRIER = "https://tracking.postnord.com/en/?id="


# Who may say yes, and who pays


def say_who_approves(company) -> None:
    """The company's approver is its first admin; one place has a purchase manager of its own for that."""
    working = Person.objects.working(clock.today()).with_address().order_by("pk")
    settings = StoreSettings.to_change()
    settings.approver = working.filter(role=Role.ADMIN).first()
    settings.salary_deduction = settings.personal_card = company.slug == "nordvik"
    settings.save()
    buyer = working.filter(role=Role.PURCHASE_MANAGER).first()
    buyer.location.approver = buyer
    buyer.location.save(update_fields=["approver"])


# What happens


class Desk:
    """Everybody whom it takes: who asks, who answers, who delivers. `now` is the morning on which the demo begins."""

    def __init__(self, now: datetime):
        self.now, self.today = now, clock.local_date(now)
        self.admin = StoreSettings.here().approver
        self.buyer = Person.objects.working(self.today).filter(role=Role.PURCHASE_MANAGER).order_by("pk").first()

    def ask(self, *articles: str, near=None, over=False, before=timedelta(), **how) -> ProductRequest:
        """Somebody for whom nothing is going on asks for some articles: near the buyer, or elsewhere."""
        at = self.now - before
        people = self._people().filter(location=self.buyer.location)
        for person in people if near else self._people().exclude(location=self.buyer.location):
            cart = self._filled(person, articles, at)
            reckoned = Reckoning(cart, by=person, today=clock.local_date(at))
            if reckoned.can_be_sent and reckoned.is_over == over:
                how.setdefault("location", person.location)
                return send(cart, by=person, seen=reckoned.digest, at=at, **how)
            cart.items.all().delete()
        raise LookupError(f"Nobody may ask for {', '.join(articles)}.")

    def approved(self, *articles: str, days: int = 0) -> Order:
        """The same some days ago, approved in the same hour."""
        before = timedelta(days=days)
        request = self.ask(*articles, before=before)
        if request.is_pending:
            request.approve(by=request.approver or self.admin, at=self.now - before)
        return request.orders.get()

    def order(self, *articles: str, days: int) -> Order:
        """And written to the distributor."""
        order = self.approved(*articles, days=days)
        self.write(order, at=self.now - timedelta(days=days))
        return order

    def write(self, order: Order, *, at) -> None:
        """Write the letter; it goes as soon as a worker is there, and the order counts as sent from that day on."""
        dispatch.claim(order.ref, at)
        with transaction.atomic():
            order.take_hold()
            order.send(by=None, at=at, to=order.distributor.email)

    def says(self, order: Order, *lines: dict, days: int, **more) -> None:
        """The distributor fills in the order's page, some days ago."""
        number = f"48{order.pk + 1200}"
        said = {"order_number": number, "lines": [{"line": n, **line} for n, line in enumerate(lines, start=1)], **more}
        at = self.now - timedelta(days=days) + timedelta(hours=2)
        take_in(order, said, way=Report.Way.PAGE, by=order.distributor, at=min(at, self.now))

    def _people(self):
        """Employees without anything in the stages of a renewal; first those who have not asked for anything yet."""
        soon = Device.objects.filter(renewal_on__lt=self.today + MORE_THAN_ANY_STAGE).exclude(holder=None)
        here = Person.objects.working(self.today).with_address().filter(role=Role.EMPLOYEE, last_day_on=None)
        asked = Count("requests")
        return here.exclude(pk__in=soon.values("holder")).annotate(asked=asked).order_by("asked", "pk")

    def _filled(self, person, articles, at):
        cart = cart_of(person)
        cart.items.all().delete()
        for variant in Variant.objects.filter(article_number__in=articles).select_related("product__category"):
            monthly = variant.product.category.code in {"phones", "computers", "tablets"}
            put(cart, variant, Mode.MONTHLY if monthly else Mode.ONE_OFF, 1, at=at)
        return cart


def parcel(number: int) -> dict:
    """What is said of something shipped."""
    code = f"SE4820{number:05}"
    return {"status": "shipped", "serial": f"VX{number:08}", "tracking_number": code, "tracking_url": CARRIER + code}


# The stories


def waits_for_the_admin(desk: Desk) -> None:
    """A keyboard; nobody nearer than the company's approver may say yes."""
    desk.ask(KEYS, note="Mine has lost its letters.")


def waits_for_the_buyer(desk: Desk) -> None:
    """A screen, at the place whose purchase manager answers."""
    desk.ask(SCREEN, near=True)


def over_the_budget(desk: Desk) -> None:
    """More than the allowance; the rest is taken from the salary, if the company has that."""
    if StoreSettings.here().salary_deduction:
        desk.ask(HEADSET, EARPHONES, DOCK, over=True, overage=ProductRequest.Overage.SALARY)


def rejected(desk: Desk) -> None:
    """With a reason."""
    request = desk.ask(CAMERA, before=timedelta(days=6))
    at = desk.now - timedelta(days=5)
    request.reject(by=request.approver or desk.admin, at=at, message="The new screens have a camera.")


def just_ordered(desk: Desk) -> None:
    """The distributor has the letter and has not answered."""
    desk.order(MOUSE, days=1)


def not_started(desk: Desk) -> None:
    """Confirmed, and no more."""
    desk.says(desk.order(SCREEN, days=3), {"status": "not_started"}, days=2)


def on_hold(desk: Desk) -> None:
    """Something is not clear yet."""
    desk.says(desk.order(DOCK, days=4), {"status": "on_hold"}, days=3)


def preparing(desk: Desk) -> None:
    """Being packed: it can't be changed here any more. Leased, in the place of nothing."""
    desk.says(desk.order(COMPUTER, days=3), {"status": "preparing"}, days=1)


def backordered(desk: Desk) -> None:
    """None left; expected in two weeks."""
    expected = (desk.today + timedelta(days=14)).isoformat()
    desk.says(desk.order(EARPHONES, days=7), {"status": "backordered", "expected_on": expected}, days=5)


def partly_shipped(desk: Desk) -> None:
    """One of two has gone and can be tracked."""
    desk.says(desk.order(SCREEN, KEYS, days=5), parcel(31), {"status": "preparing"}, days=1)


def delivered(desk: Desk) -> None:
    """It stands at the reception: *Mark as received* is the next step."""
    order = desk.order(HEADSET, days=8)
    desk.says(order, parcel(32), days=4)
    desk.says(order, {"status": "delivered"}, days=1)


def received(desk: Desk) -> None:
    """In use; the way that it came stands in its history."""
    order = desk.order(SCREEN, days=12)
    desk.says(order, parcel(33), days=8)
    desk.says(order, {"status": "delivered"}, days=6)
    device = order.lines.get().device
    device.receive(by=device.holder, at=desk.now - timedelta(days=5))


def cancelled(desk: Desk) -> None:
    """By the distributor; the budget has it back."""
    why = "The manufacturer does not make it any more"
    desk.says(desk.order(CAMERA, days=9), {"status": "cancelled", "reason": why}, days=6)


def more_than_was_ordered(desk: Desk) -> None:
    """A mouse lay in the parcel: an admin accepts or declines it."""
    extra = {"name": "Logitech MX Master 3S", "article_number": MOUSE, "serial": "VX00000035"}
    desk.says(desk.order(KEYS, days=6), parcel(34), days=2, extra_devices=[extra])


def came_back(desk: Desk) -> None:
    """The letter came back: an admin corrects the address and sends it again."""
    desk.approved(HEADSET, days=1).fail(by=None, at=desk.now, why=dispatch.CAME_BACK)


def by_machine(desk: Desk) -> None:
    """Signed, taken under their number, and on its way by itself as the clock is pushed."""
    order = _given_to_the_machine(desk, KEYS, MOUSE)
    tell_the_machine("prepare", ref=order.ref)


def refused_by_the_machine(desk: Desk) -> None:
    """Their machine says no; an admin may send it again."""
    tell_the_machine("knobs", refuse=1)
    _given_to_the_machine(desk, HEADSET)


def _given_to_the_machine(desk, *articles):
    order = desk.approved(*articles)
    dispatch.dispatch(order.ref, desk.now)
    return order


BY_MAIL: list[Callable[[Desk], None]] = [
    received, cancelled, delivered, backordered, more_than_was_ordered, rejected, partly_shipped, on_hold, not_started,
    preparing, just_ordered, came_back, waits_for_the_admin, waits_for_the_buyer, over_the_budget,
]  # fmt: skip
WITH_THE_MACHINE: list[Callable[[Desk], None]] = [by_machine, refused_by_the_machine]
