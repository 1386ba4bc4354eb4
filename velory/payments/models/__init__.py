from velory.payments.models.attempt import MOVES, OPEN_STATES, Attempt
from velory.payments.models.comparison import Comparison, Finding
from velory.payments.models.look import Look
from velory.payments.models.money import Money
from velory.payments.models.payee import Payee
from velory.payments.models.refund import Refund

__all__ = ["MOVES", "OPEN_STATES", "Attempt", "Comparison", "Finding", "Look", "Money", "Payee", "Refund"]
