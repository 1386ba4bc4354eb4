"""The company's settings: one page, a section for each app that has some, and what the operator decides."""

from babel import Locale
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assets.forms import AssetSettingsForm
from assets.models import AssetSettings
from assets.panels import settings_section, settings_sections
from assets.settings_sections import form_section
from velory.folding import fold, words_of
from velory.people.doors import for_admins
from velory.tenancy.context import current_company
from velory.ui.navigation import Place

ELSEWHERE = (
    Place("/mail/settings/", gettext_lazy("Mail"), "mail"),
    Place("/partners/", gettext_lazy("Partners"), "handshake"),
    Place("/budgets/", gettext_lazy("Budgets"), "wallet", feature="store"),
)


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def settings(request):
    """Every section, or those in which something is found; on POST the one that was sent saves itself and answers."""
    sections = []
    for section in settings_sections():
        answer = section(request)
        if isinstance(answer, HttpResponse):
            return answer
        if answer is not None:
            title, template, context = answer
            name = section.__name__
            sections.append((name, title, render_to_string(template, context | {"section": name}, request)))
    elsewhere = [(place.address, place.label) for place in ELSEWHERE if place.is_open()]
    q = request.GET.get("q", "").replace("\0", "").strip()[:100]
    page = {
        "sections": [each for each in sections if holds(each, q)], "q": q,
        "index": [*((f"#{name}", title) for name, title, _drawn in sections), *elsewhere],
    }  # fmt: skip
    return render(request, "assets/settings.html", page, status=422 if request.method == "POST" else 200)


def holds(section, q: str) -> bool:
    """Whether every word that is searched for stands in a section."""
    _name, title, drawn = section
    said = fold(f"{title} {strip_tags(drawn)}")
    return all(word in said for word in words_of(q))


@settings_section(order=5)
def company_facts(request):
    """What the operator has set for this company, to be read here."""
    company = current_company()
    locale = Locale.parse(get_language() or "en")
    facts = {
        "country": locale.territories.get(company.country, company.country),
        "currency": locale.currencies.get(company.currency, company.currency),
    }
    return _("Company"), "assets/_company_facts.html", facts


@settings_section(order=10)
def hardware_settings(request):
    """How this company shows and receives its devices."""
    return form_section(request, "hardware_settings", _("Hardware"), AssetSettingsForm, AssetSettings.to_change())
