"""Pages of passwords, which are gone where the company has none."""

from functools import wraps

from django.urls import reverse
from django.utils.translation import gettext as _

from velory.journal.reason import Reason
from velory.people.federated.ways import has_passwords
from velory.ui.steps import conflict


def where_passwords_are(view=None, *, only_sent: bool = False):
    """A page, or what is sent from it, for companies that use passwords; in others it says what to do instead."""

    def decorate(page):
        @wraps(page)
        def guarded(request, *args, **kwargs):
            if (only_sent and request.method != "POST") or has_passwords():
                return page(request, *args, **kwargs)
            return no_passwords_here(request)

        return guarded

    return decorate(view) if view else decorate


def no_passwords_here(request):
    """409, in words: what remains."""
    reason = Reason(
        "no_passwords",
        _("Your company has turned password sign-in off. Sign in with a code by mail, or as the sign-in page offers."),
    )
    at_desk = request.user.is_authenticated
    address, label = reverse("people:you" if at_desk else "account_login"), "" if at_desk else _("Back to sign-in")
    return conflict(request, _("Password sign-in"), reason, address=address, label=label)
