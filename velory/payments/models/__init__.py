from velory.payments.models.attempt import MOVES, OPEN_STATES, Attempt
from velory.payments.models.card import CARD_MOVES, Card
from velory.payments.models.comparison import Comparison, Finding
from velory.payments.models.customer import Customer
from velory.payments.models.look import Look
from velory.payments.models.money import Money
from velory.payments.models.payee import Payee
from velory.payments.models.refund import Refund

__all__ = [
    "CARD_MOVES",
    "MOVES",
    "OPEN_STATES",
    "Attempt",
    "Card",
    "Comparison",
    "Customer",
    "Finding",
    "Look",
    "Money",
    "Payee",
    "Refund",
]
