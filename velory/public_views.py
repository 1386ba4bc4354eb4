"""The base domain: what Velory is, and the way to one's own company."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST, require_safe

from velory.operators.openings import sign_up_is_on
from velory.people import limits
from velory.tenancy.models import SHORT_NAME, address_at
from velory.ui.steps import see_other

# The form leads on to a company's host, and browsers hold that against `form-action` too
LEADS_ON = settings.SECURE_CSP | {"form-action": ["'self'", f"*.{settings.BASE_DOMAIN}:*"]}


@login_not_required
@require_safe
@csp_override(LEADS_ON)
def welcome(request):
    """What Velory is, and a field for one's company's short name."""
    return render(request, "public/welcome.html", {"sign_up": sign_up_is_on()})


@login_not_required
@require_POST
@csp_override(LEADS_ON)
def find_company(request):
    """Go to the host of that name, whether or not a company lives there: nothing is looked up."""
    name = request.POST.get("company", "").strip().lower()
    if not SHORT_NAME.fullmatch(name):
        return _again(request, name, _("A short name has 3 to 31 letters, digits or hyphens and begins with a letter."))
    if not limits.may_knock("find", request):
        return _again(request, name, limits.TOO_OFTEN)
    return see_other(address_at(f"{name}.{settings.BASE_DOMAIN}"))


def _again(request, name, problem):
    page = {"name": name[:60], "problem": problem, "sign_up": sign_up_is_on()}
    return render(request, "public/welcome.html", page, status=422)
