"""Stripe's test cards, each with what happens to it. No other number is taken: nobody types a real card here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """A card and its fate."""

    number: str
    brand: str = "visa"
    refusal: str = ""  # the code that the bank answers with
    decline: str = ""  # the bank's reason, where the code is card_declined
    asks: bool = False  # 3-D Secure, each time
    refund: str = ""  # `pending` or `fails`: what becomes of a refund to it
    disputed: bool = False  # its holder disputes the charge at once
    attaches: bool = True  # it can be saved, even if it cannot be charged

    @property
    def last4(self) -> str:
        """Its last four digits."""
        return self.number[-4:]


GOOD = "4242424242424242"
CARDS = {
    card.number: card
    for card in (
        Card(GOOD),
        Card("5555555555554444", brand="mastercard"),
        Card("4000000000000002", refusal="card_declined", decline="generic_decline", attaches=False),
        Card("4000000000009995", refusal="card_declined", decline="insufficient_funds", attaches=False),
        Card("4000000000000069", refusal="expired_card", attaches=False),
        Card("4000000000000127", refusal="incorrect_cvc", attaches=False),
        Card("4000000000000119", refusal="processing_error", attaches=False),
        Card("4000000000000341", refusal="card_declined", decline="generic_decline"),
        Card("4000002760003184", asks=True),
        Card("4000000000007726", refund="pending"),
        Card("4000000000005126", refund="fails"),
        Card("4000000000000259", disputed=True),
    )
}
SAYS = {
    "generic_decline": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "test_mode_live_card": "Your card was declined. Your request was in test mode, but used a non test card.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
    "authentication_required": "Your card was declined. This transaction requires authentication.",
}
BY_NAME = {
    "pm_card_visa": GOOD,
    "pm_card_mastercard": "5555555555554444",
    "pm_card_chargeDeclined": "4000000000000341",
    "pm_card_visa_chargeDeclined": "4000000000000341",
    "pm_card_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_authenticationRequired": "4000002760003184",
    "pm_card_threeDSecure2Required": "4000002760003184",
    "tok_visa": GOOD,
    "tok_chargeDeclined": "4000000000000002",
    "tok_chargeCustomerFail": "4000000000000341",
}


def card_of(number: str) -> Card:
    """The card of a number; a stranger's number is declined."""
    digits = "".join(number.split()).replace("-", "")
    return CARDS.get(digits) or Card(
        digits or "0", refusal="card_declined", decline="test_mode_live_card", attaches=False
    )


def says(card: Card) -> str:
    """What the bank says to a card that it refuses."""
    return SAYS[card.decline or card.refusal]
