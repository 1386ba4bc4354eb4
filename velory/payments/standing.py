"""Whether a payee takes money, in words: not set up, not connected, details missing, takes cards, disconnected."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from velory.payments import gateway
from velory.payments.models import Payee


@dataclass(frozen=True)
class Standing:
    """How it stands with a payee: a word with its icon and tone, and a sentence that says what follows."""

    code: str
    label: str
    text: str
    tone: str
    icon: str

    @property
    def takes_cards(self) -> bool:
        """Whether payments can be made now."""
        return self.code == "ready"


def standing_of(payee: Payee | None) -> Standing:
    """How it stands with a payee; None is one that nobody has connected."""
    if not gateway.set_up():
        return Standing(
            "off", _("Payments are not set up here"),
            _("This installation has no key for Stripe. The operator sets it."),
            "badge-neutral", "circle-x",
        )  # fmt: skip
    if payee is None or not payee.account:
        return Standing(
            "none", _("Not connected"), _("Nothing can be paid to it until an account is connected."),
            "badge-neutral", "circle-dashed",
        )  # fmt: skip
    if payee.disconnected_at:
        return Standing(
            "gone", _("Disconnected"),
            _("The account no longer lets Velory take payments for it. Refunds are made at Stripe itself."),
            "badge-error", "circle-x",
        )  # fmt: skip
    if not payee.charges_enabled:
        return Standing(
            "details", _("Details missing"),
            _("Stripe still needs something before the account takes cards. Its owner sees it at Stripe."),
            "badge-warning", "circle-alert",
        )  # fmt: skip
    return Standing(
        "ready", _("Takes cards"), _("Payments go straight to this account."), "badge-success", "circle-check"
    )
