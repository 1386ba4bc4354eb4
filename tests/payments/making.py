"""A seller of the tests' own: chairs in a race company's canteen know nothing of devices."""

from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

from django.db import connection, transaction

from assets.models import Space
from tests.making import a_person
from velory import clock
from velory.payments import start
from velory.payments.models import Attempt, Payee
from velory.payments.sales import Sale, sells
from velory.people.models import Location

KIND = "tests.chair"
ACCOUNT = "acct_Nordvik"
State = Attempt.State


@sells(KIND)
class Chairs(Sale):
    """A chair is a location whose name says what became of it: `free`, `bought`, `gone`."""

    def hold(self, ref):
        return Location.objects.select_for_update().filter(pk=ref).first()

    def is_open_for(self, thing, attempt):
        return thing.name.startswith("free")

    def paid(self, thing, attempt, *, at):
        self._become(thing, "bought", attempt)

    def not_paid(self, thing, attempt, *, at, why):
        told(attempt, f"not paid: {why}")

    def money_back(self, thing, attempt, *, amount, why, at):
        told(attempt, f"{why}: {amount}")

    def title(self, attempt):
        return "A chair"

    def back_to(self, attempt):
        return "/"

    def _become(self, thing, what, attempt):
        thing.name = f"{what} {attempt.ref}"
        thing.save()
        told(attempt, "paid")


def told(attempt, what):
    """What the seller was told, kept in the same transaction."""
    Space.objects.get_or_create(name=f"{attempt.subject_ref}|{attempt.ref}|{what}|{Space.objects.count()}")


def said(thing):
    """What the seller was told about a chair, in order."""
    return [s.name.split("|")[2] for s in Space.objects.filter(name__startswith=f"{thing.pk}|").order_by("pk")]


_counted = [0]


def a_chair():
    """Something that can be bought."""
    _counted[0] += 1
    return Location.objects.create(name=f"free {_counted[0]}")


def a_payee(stripe=None, key="company", account=ACCOUNT, **facts):
    """The company's own account, ready to take money."""
    if stripe is not None and account not in stripe.state.things:
        stripe.account(account)
    return Payee.objects.get_or_create(
        key=key, defaults={"name": "Nordvik Energi AB", "account": account, "charges_enabled": True} | facts
    )[0]


def an_attempt(stripe=None, *, thing=None, person=None, amount="1667.25", currency="SEK", until=None, payee=None):
    """A payment that has been begun, and nothing more."""
    thing, at = thing or a_chair(), clock.now()
    payee = payee or a_payee(stripe)
    with transaction.atomic():
        held = Location.objects.select_for_update().get(pk=thing.pk)
        return start.begin(
            KIND, str(held.pk), person=person or a_person(), amount=Decimal(amount), currency=currency, payee=payee,
            until=until or at + timedelta(days=3), basis="Q-1", at=at,
        )  # fmt: skip


def an_open_attempt(stripe, **facts):
    """A payment whose page is open at Stripe."""
    attempt = an_attempt(stripe, **facts)
    start.checkout(attempt, at=clock.now())
    return now(attempt)


def thing_of(attempt):
    """The chair that an attempt is for."""
    return Location.objects.get(pk=attempt.subject_ref)


def now(row):
    """A row as it is now."""
    return type(row).objects.get(pk=row.pk)


@contextmanager
def as_raw_sql(sql, *params):
    """Raw SQL in a savepoint of its own."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        yield cursor
