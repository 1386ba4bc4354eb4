"""In the operators' console: a company that has locked itself out gets its passwords back."""

from django.contrib import messages
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from velory import clock
from velory.operators.deeds import note, tells
from velory.operators.doors import for_operators
from velory.operators.panels import company_panel
from velory.operators.views.companies import address_of, the_company
from velory.people.again import reauthenticated
from velory.people.federated.models import SignInSettings
from velory.people.federated.ways import has_passwords
from velory.tenancy.context import inside
from velory.ui.steps import see_other

tells("turn_passwords_on", gettext_lazy("{by} turned password sign-in on again."), concerns_company=True)


@company_panel(order=55)
def sign_in(request, company):
    """That passwords are off here, and the button; nothing where they are on."""
    if not company.is_servable:
        return None
    with inside(company):
        is_off = not has_passwords()
    return ("federated/_console_panel.html", {}) if is_off else None


@require_POST
@for_operators
@reauthenticated
def turn_on(request, slug):
    """Passwords open this company again, and resets are sent."""
    shown = the_company(slug)
    if not shown.is_servable:
        raise Http404
    at = clock.now()
    with inside(shown):
        changed = SignInSettings.to_change().turn(True, by=None, at=at, operator=str(request.user))
    if changed:
        note(shown, "turn_passwords_on", by=request.user, at=at)
        messages.success(request, _("Passwords work at %s again.") % shown)
    return see_other(address_of(shown))
