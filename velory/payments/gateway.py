"""Stripe, and nothing but Stripe. The one file that imports its library; see errors.py for what it raises."""

from django.conf import settings


def set_up() -> bool:
    """Whether there is a key to pay with."""
    return bool(settings.STRIPE_SECRET_KEY)


def livemode() -> bool:
    """Whether the key is one for real money."""
    return "_live_" in settings.STRIPE_SECRET_KEY
