"""The section of the settings that leads to how people sign in."""

from django.urls import reverse
from django.utils.translation import gettext as _

from assets.panels import settings_section
from velory.people.federated import ways


@settings_section(order=68)
def sign_in(request):
    """With which providers people sign in, and whether with passwords."""
    names = [provider.name for provider in ways.providers()]
    facts = [_("People can sign in with %s.") % ", ".join(names)] if names else []
    facts += [] if ways.has_passwords() else [_("Nobody signs in with a password.")]
    page = {
        "about": _("The company’s own identity provider (OpenID Connect), and whether there are passwords here."),
        "facts": facts, "address": reverse("federated:settings"), "button": _("Ways to sign in"),
    }  # fmt: skip
    return _("Sign-in"), "assets/_leads_on.html", page
