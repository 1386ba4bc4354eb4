"""Each matter that waits for an admin in words: what differs, what to do, and where to say what came of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from velory.payments import matters
from velory.payments.currencies import from_minor
from velory.payments.models import Attempt, Finding, Money, Refund
from velory.ui.money import money

FIELDS: dict[str, Any] = {
    "account": gettext_lazy("Account"),
    "attempt": gettext_lazy("Payment that it names"),
    "reference": gettext_lazy("Payment that it names"),
    "session": gettext_lazy("Page where it is paid"),
    "intent": gettext_lazy("Charge at Stripe"),
    "customer": gettext_lazy("Owner of the card at Stripe"),
    "card": gettext_lazy("Card that was charged"),
    "amount": gettext_lazy("Amount to pay"),
    "currency": gettext_lazy("Currency"),
    "livemode": gettext_lazy("Mode"),
    "intent.amount": gettext_lazy("Amount of the payment intent"),
    "charged.amount": gettext_lazy("Amount taken from the card"),
    "charge.currency": gettext_lazy("Currency taken from the card"),
    "refund.too_much": gettext_lazy("Refunded beyond what came"),
    "dispute.too_much": gettext_lazy("Disputed beyond what came"),
}
WHY_NO_REFUND = {
    "lost_or_stolen_card": gettext_lazy("the card is lost or stolen"),
    "expired_or_canceled_card": gettext_lazy("the card has expired or is closed"),
    "insufficient_funds": gettext_lazy("the payee’s balance at Stripe is too low"),
    "declined": gettext_lazy("the bank declined it"),
    "charge_for_pending_refund_disputed": gettext_lazy("the payer disputed the payment meanwhile"),
    "merchant_request": gettext_lazy("the payee called it off"),
}
WHAT = {
    "charge": gettext_lazy("payment"),
    "refund": gettext_lazy("refund"),
    "refund_failed": gettext_lazy("failed refund"),
    "dispute": gettext_lazy("dispute"),
    "dispute_won": gettext_lazy("dispute that was won"),
    "dispute_lost": gettext_lazy("dispute that was lost"),
}


@dataclass(frozen=True)
class Told:
    """One matter in words. `differences` are lines of (what, here, at Stripe); `keep` says what came of it."""

    code: str
    key: str
    title: str
    text: str
    todo: str
    at: datetime
    action: str
    keep: Callable[..., Any]
    attempt: Attempt | None = None
    differences: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where an admin says what came of it."""
        return reverse("money:look", args=[self.code, self.key])


def matters_that_wait() -> list[Told]:
    """Everything that waits, kind by kind, the oldest first; no more than a page of each."""
    return [
        *map(_mismatch, matters.mismatches().with_what_lists_need().order_by("moved_at")[:50]),
        *map(_failed_refund, matters.failed_refunds().select_related(*_OF_ATTEMPT).order_by("finished_at")[:50]),
        *map(_dispute, matters.disputes().select_related(*_OF_ATTEMPT).order_by("at")[:50]),
        *map(_finding, _findings().order_by("comparison__made_at", "pk")[:50]),
    ]


def matters_of(attempt) -> list[Told]:
    """What waits about one payment."""
    return [
        *map(_mismatch, matters.mismatches().with_what_lists_need().filter(pk=attempt.pk)),
        *map(_failed_refund, matters.failed_refunds().select_related(*_OF_ATTEMPT).filter(attempt=attempt)),
        *map(_dispute, matters.disputes().select_related(*_OF_ATTEMPT).filter(attempt=attempt)),
        *map(_finding, _findings().filter(attempt=attempt)),
    ]


def matter_called(code: str, key: str) -> Told | None:
    """One matter that waits, or None."""
    if code not in _BY_CODE:
        return None
    rows, tell = _BY_CODE[code]
    row = rows(key).first()
    return tell(row) if row else None


_OF_ATTEMPT = ("attempt__person", "attempt__payee")


def _findings():
    return matters.findings().select_related("comparison", *_OF_ATTEMPT)


def _mismatch(attempt: Attempt) -> Told:
    return Told(
        "mismatch", attempt.ref, _("%(payment)s does not match") % {"payment": attempt.ref},
        _("What Stripe says of this payment is not what was asked for. Nothing was handed over for it, and nothing is "
          "done by itself."),
        _("Compare both with the payee’s own account at Stripe. If money came, refund it. Then say what came of it."),
        attempt.moved_at, _("Mark as looked at"),
        lambda **said: matters.look_at_mismatch(attempt, **said), attempt, differences_of(attempt),
    )  # fmt: skip


def differences_of(attempt) -> list[tuple[str, str, str]]:
    """What differs, line by line: what it is, how it stands here, how Stripe tells it."""
    odd = [one for one in attempt.differences if isinstance(one, dict)]
    theirs = next((str(one.get("theirs")) for one in odd if one.get("what") == "currency"), "")
    return [_difference(one, attempt.currency, theirs or attempt.currency) for one in odd]


def _difference(one, our_currency, their_currency):
    """Comparing writes down text: amounts in the smallest unit, True and False for the mode."""
    what, ours, theirs = (str(one.get(name) or "") for name in ("what", "ours", "theirs"))
    name = what.rpartition(".")[2]
    if name == "amount":
        ours, theirs = _amount(ours, our_currency), _amount(theirs, their_currency)
    elif name == "livemode":
        ours, theirs = (_("live") if value == "True" else _("test") for value in (ours, theirs))
    return (str(FIELDS.get(what) or FIELDS.get(name, what)), ours or "–", theirs or "–")


def _amount(minor, currency):
    text = str(minor)
    return money(from_minor(int(text), currency), currency) if text.isascii() and text.isdigit() else text


def _failed_refund(refund: Refund) -> Told:
    why = WHY_NO_REFUND.get(refund.why, refund.why or _("Stripe does not say why"))
    amount = money(refund.amount, refund.currency)
    return Told(
        "refund", refund.ref, _("%(amount)s did not get back to %(person)s") % {
            "amount": amount, "person": refund.attempt.person},
        _("The refund failed: %(why)s. The money is still owed, and no second try is made by itself.") % {"why": why},
        _("Pay it back in another way, with the salary or by bank, or refund again. Then say what came of it."),
        refund.finished_at or refund.asked_at, _("Mark as settled"),
        lambda **said: matters.settle_refund(refund, **said), refund.attempt,
    )  # fmt: skip


def _dispute(row: Money) -> Told:
    return Told(
        "dispute", row.provider_id, _("%(amount)s is disputed") % {"amount": money(row.amount, row.currency)},
        _("The bank of %(person)s asks for the money back. Until that is decided, Stripe has taken it from %(payee)s.")
        % {"person": row.attempt.person, "payee": row.attempt.payee},
        _("%(payee)s answers it in its own account at Stripe, within the days named there. What was bought stays "
          "with the buyer unless you take it back.") % {"payee": row.attempt.payee},
        row.at, _("Mark as looked at"),
        lambda **said: matters.look_at_dispute(row.attempt, row.provider_id, **said), row.attempt,
    )  # fmt: skip


def _finding(finding: Finding) -> Told:
    what = WHAT.get(finding.what, finding.what)
    texts: dict[str, str] = {
        Finding.Kind.OURS_ONLY: _("Velory knows of a %(what)s that Stripe does not know."),
        Finding.Kind.THEIRS_ONLY: _("Stripe knows of a %(what)s that Velory does not know."),
        Finding.Kind.DIFFERS: _("Velory and Stripe have different amounts for a %(what)s."),
    }
    both = (finding.ours_minor, finding.theirs_minor)
    amounts = ["–" if minor is None else _amount(minor, finding.currency) for minor in both]
    return Told(
        "finding", finding.provider_id, texts[finding.kind] % {"what": what},
        _("Found on %(account)s: %(id)s.") % {"account": finding.comparison.name, "id": finding.provider_id},
        _("Look it up in the account at Stripe. Then say what lies behind it."),
        finding.comparison.made_at, _("Explain"),
        lambda **said: matters.explain(finding, **said), finding.attempt,
        [(_("Amount"), amounts[0], amounts[1])],
    )  # fmt: skip


_BY_CODE: dict[str, tuple[Callable, Callable]] = {
    "mismatch": (lambda key: matters.mismatches().with_what_lists_need().filter(ref=key), _mismatch),
    "refund": (lambda key: matters.failed_refunds().select_related(*_OF_ATTEMPT).filter(ref=key), _failed_refund),
    "dispute": (lambda key: matters.disputes().select_related(*_OF_ATTEMPT).filter(provider_id=key), _dispute),
    "finding": (lambda key: _findings().filter(provider_id=key).order_by("pk"), _finding),
}
