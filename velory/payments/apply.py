"""`apply`: what Stripe says at this moment, made true here. The only writer of what a payment comes to (R5)."""

from datetime import datetime

from velory.payments.models import Attempt


def apply(attempt: Attempt, *, at: datetime) -> Attempt:
    """Read the truth about an attempt at Stripe and bring ours to it; returns the attempt as it then is."""
    raise NotImplementedError
