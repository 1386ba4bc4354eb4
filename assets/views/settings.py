"""The company's settings: one page, a section for each app that has some."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assets.forms import AssetSettingsForm
from assets.models import AssetSettings
from assets.panels import settings_section, settings_sections
from velory import clock
from velory.journal.deeds import record
from velory.people.doors import for_admins


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def settings(request):
    """Every section; on POST the one that was sent saves itself and answers."""
    shown = []
    for section in settings_sections():
        answer = section(request)
        if isinstance(answer, HttpResponse):
            return answer
        if answer is None:
            continue
        title, template, context = answer
        name = section.__name__
        shown.append((name, title, render_to_string(template, context | {"section": name}, request)))
    failed = request.method == "POST"
    return render(request, "assets/settings.html", {"sections": shown}, status=422 if failed else 200)


@settings_section(order=10)
def hardware_settings(request):
    """How this company shows and receives its devices."""
    sent = request.method == "POST" and request.POST.get("section") == "hardware_settings"
    form = AssetSettingsForm(request.POST if sent else None, instance=AssetSettings.here())
    if sent and form.is_valid():
        record(form, "change", by=request.user, at=clock.now())
        messages.success(request, _("The settings are saved."))
        return redirect("assets:settings")
    return _("Hardware"), "assets/_settings_form.html", {"form": form}
