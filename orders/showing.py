"""What orders shows on the pages below: a person's budget, one's own, the store's settings."""

from django.utils.translation import gettext as _

from assets.panels import settings_section
from assets.settings_sections import form_section
from orders.budgets.forms import StoreSettingsForm
from orders.budgets.standing import grant_of, standings_of
from orders.models import Grant, StoreSettings
from velory.people.panels import own_panel, panel
from velory.tenancy.context import current_company


@panel(order=30)
def their_budget(person, by, *, today):
    """Which budget they have, how it stands, and which they had before."""
    if not current_company().has("store"):
        return None
    grant = grant_of(person)
    history = Grant.objects.of(person).exclude(until_at=None).select_related("budget")
    standings = standings_of(person, grant, today=today)
    return "orders/_their_budget.html", {"grant": grant, "standings": standings, "history": list(history[:10])}


@own_panel(order=30)
def ones_own_budget(person, *, today):
    """What one's budget gives and what is left of it; nothing where there is none."""
    grant = grant_of(person) if current_company().has("store") else None
    if grant is None:
        return None
    return "orders/_own_budget.html", {"grant": grant, "standings": standings_of(person, grant, today=today)}


@settings_section(order=40)
def store_settings(request):
    """How this company's store works; nothing where there is none."""
    if not current_company().has("store"):
        return None
    return form_section(request, "store_settings", _("Store"), StoreSettingsForm, StoreSettings.to_change())
