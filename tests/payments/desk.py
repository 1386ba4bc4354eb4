"""What the tests of the admins' pages need besides: payments in every state, and pages as plain words."""

import re
from html import unescape

from tests.payments.making import a_payee, an_attempt, an_open_attempt, now
from velory import clock
from velory.payments import agenda
from velory.payments.apply import apply
from velory.payments.models import Attempt, Comparison, Finding, Money, Payee, Refund
from velory.payments.refunds import refund
from velory.references import references


def a_paid_payment(stripe, **facts):
    """Paid by card, and known here."""
    attempt = an_open_attempt(stripe, **facts)
    stripe.pay(attempt.session_url)
    return apply(attempt, at=clock.now())


def a_mismatch(stripe, *, paid=False, **facts):
    """A payment that Stripe tells with another amount; `paid` with money, too."""
    attempt = an_open_attempt(stripe, **facts)
    if paid:
        stripe.pay(attempt.session_url)
    stripe.change(attempt.session_id, amount_total=attempt.amount_minor + 1)
    return apply(attempt, at=clock.now())


def a_failed_refund(stripe, paid):
    """Money that should have gone back and did not."""
    stripe.knobs.refunds = "fail"
    owed = refund(paid, amount=paid.amount, reason="Paid twice", by=None, at=clock.now())
    agenda.give_it_back(owed.ref, clock.now())
    return Refund.objects.get(pk=owed.pk)


def a_finding(stripe):
    """Stripe has a charge of ours that we do not know."""
    opened = an_open_attempt(stripe)
    stripe.pay(opened.session_url)
    comparison = Comparison.objects.create(
        account=opened.account, name="Nordvik Energi AB", since=clock.now(), until=clock.now(), made_at=clock.now()
    )
    return Finding.objects.create(
        comparison=comparison, kind="theirs_only", what="charge", provider_id="ch_1", theirs_minor=5000, currency="SEK"
    )


def payments_as_rows(person, number, *, currency="SEK", minor=100_00):
    """Many payments as they stand in the rows, without asking Stripe for each."""
    payee, at = a_payee(), clock.now()
    attempts = Attempt.objects.bulk_create(
        Attempt(
            ref=ref, kind="tests.chair", subject_ref=f"r{currency}{n}", payee=payee, account=payee.account,
            livemode=False, person=person, amount=minor / 100, currency=currency, amount_minor=minor, state="paid",
            begun_at=at, moved_at=at, expires_at=at,
        )
        for n, ref in enumerate(references(Attempt, "A", number))
    )  # fmt: skip
    Money.objects.bulk_create(
        Money(
            attempt=attempt, kind="charge", amount_minor=minor, currency=currency, account=payee.account,
            livemode=False, provider_id=f"ch_{currency}{n}", at=at,
        )
        for n, attempt in enumerate(attempts)
    )  # fmt: skip
    return attempts


def words(page):
    """A page as somebody reads it."""
    text = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", page.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).replace("\N{NO-BREAK SPACE}", " ").split())


def main(page):
    """The same without the frame around it."""
    return words(page).partition("Test. “")[0]


__all__ = ["a_payee", "an_attempt", "an_open_attempt", "now"]


# Payees


COMPANY = "/payments/payees/company/"


def theirs(lessor, deed=""):
    return f"/payments/payees/{lessor.ref}/{deed}"


def company():
    return Payee.objects.of("company")


def payee_of(lessor):
    return Payee.objects.of(f"partner/{lessor.ref}")


def connect(desk, country="SE"):
    return desk.post(f"{COMPANY}connect/", {"country": country})


def name(desk, lessor, account="acct_3StepIT0000000"):
    return desk.post(theirs(lessor, "name-account/"), {"account": account})


def finish_at_stripe(stripe, account):
    from velory.demo.stripe import accounts

    with stripe.state.whole():
        accounts.finish(stripe.state, stripe.state.things[account])
