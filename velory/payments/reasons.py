"""Why nothing can be paid or asked just now, in the words that every page uses."""

from django.utils.translation import gettext as _

from velory.journal.reason import Reason


def not_set_up() -> Reason:
    """The installation has no key for Stripe."""
    return Reason("payments_off", _("Payments are not set up here yet."), who=_("the operator"))


def no_answer() -> Reason:
    """Stripe is silent, or says nothing that tells anything."""
    return Reason("unreachable", _("Stripe does not answer at the moment. Try again soon."))
