"""The pages about payments as the admins' tabs."""

from django.urls import reverse
from django.utils.translation import gettext as _

from velory.payments.matters import how_many_wait


def tabs(current: str) -> list[dict]:
    """Payments, what waits, who is paid, the comparisons; with how many wait."""
    places = [
        ("payments", _("Payments"), None),
        ("attention", _("To look at"), how_many_wait()),
        ("payees", _("Who is paid"), None),
        ("comparisons", _("Comparison with Stripe"), None),
    ]
    return [
        {"label": label, "address": reverse(f"money:{name}"), "current": name == current, "count": count}
        for name, label, count in places
    ]
