"""What the admins hear of payments by mail, once each: a mismatch, unexplained differences, an account that changed.

Refunds that fail and disputes are told by whoever sold what was paid (`Sale.money_back`), who knows what it was.
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from velory import clock
from velory.payments.models import Attempt, Comparison, Payee
from velory.payments.screens.told import differences_of
from velory.payments.standing import standing_of
from velory.people.models import Person
from velory.post.letters import draft, letter, write_letters
from velory.tenancy.context import current_company


def admins_hear_of_mismatch(attempt: Attempt, *, at: datetime) -> None:
    """Stripe tells a payment differently: nothing is handed over, and somebody has to look."""
    _tell("payments/mismatch", f"{attempt.ref}/{attempt.version}", {"payment": attempt.ref}, at)


def admins_hear_of_findings(comparison: Comparison, *, at: datetime) -> None:
    """A comparison found what nobody has explained."""
    about = {"account": comparison.account, "until": comparison.until.isoformat()}
    _tell("payments/findings", f"{comparison.account}/{comparison.until:%Y-%m-%d}", about, at)


def admins_hear_of_account(payee: Payee, deed: str, entry: int, *, at: datetime) -> None:
    """An account takes cards now, or none any more, or is no longer connected."""
    _tell("payments/account_changed", f"{payee.pk}/{entry}", {"payee": payee.key, "deed": deed}, at)


def _tell(template, key, about, at):
    admins = Person.objects.admins_to_write_to(clock.local_date(at))
    drafts = [
        draft(template, key=f"{template}/{key}/{admin.ref}", person=admin, at=at, context=about) for admin in admins
    ]
    write_letters(drafts, at=at)


@letter("payments/mismatch", label=_("A payment does not match"))
def what_does_not_match(letter) -> dict:
    """The payment, and what differs."""
    attempt = Attempt.objects.with_what_lists_need().get(ref=letter.context["payment"])
    return {
        "attempt": attempt,
        "differences": differences_of(attempt),
        "url": _address(f"/payments/{attempt.ref}/record/"),
    }


@letter("payments/findings", label=_("Differences from Stripe’s books"))
def what_was_found(letter) -> dict:
    """Which account, which night, how many."""
    about = letter.context
    comparison = Comparison.objects.get(account=about["account"], until=datetime.fromisoformat(about["until"]))
    count = comparison.findings.unexplained().count()
    return {"comparison": comparison, "count": count, "url": _address("/payments/attention/")}


@letter("payments/account_changed", label=_("An account for payments has changed"))
def what_became_of_an_account(letter) -> dict:
    """Who is paid there, and how it stands now."""
    payee = Payee.objects.get(key=letter.context["payee"])
    slug = payee.key.rpartition("/")[2]
    return {
        "payee": payee, "deed": letter.context["deed"], "standing": standing_of(payee),
        "url": _address(f"/payments/payees/{slug}/"),
    }  # fmt: skip


def _address(path):
    return current_company().address(path)
