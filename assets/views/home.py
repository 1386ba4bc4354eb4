"""Home: what needs me, what I have. An admin sees first what waits for the company."""

from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assets import first_steps, fleet
from assets.gate import gates_at_home
from assets.models import Category, Device
from assets.panels import alerts_for, home_panels_of, overview_panels
from velory import clock
from velory.people.doors import for_admins
from velory.people.models import Person
from velory.post.health import job_figures, mail_health
from velory.ui.steps import see_other
from velory.ui.todos import todos


@require_safe
def home(request):
    """The overview for an admin, one's own things for everybody."""
    if request.user.is_admin:
        page = overview(request.company, clock.now(), clock.today())
        return render(request, "assets/overview.html", page | own_things(request))
    return render(request, "assets/home.html", own_things(request))


@require_POST
@for_admins
def close_first_steps(request):
    """The admin needs no leading any more."""
    first_steps.close(by=request.user, at=clock.now())
    return see_other(reverse("assets:home"))


@require_safe
def own_devices(request):
    """One's own hardware and orders, for an admin too."""
    return render(request, "assets/own_devices.html", own_things(request))


def own_things(request) -> dict:
    """What waits for a person, what they have, what is on its way, where they may order."""
    person, at, today = request.user, clock.now(), clock.today()
    devices = list(Device.objects.held_by(person).in_the_house().with_what_a_list_shows().order_by("renewal_on", "pk"))
    alerts = alerts_for(person, today=today)
    return {
        "greeting": greeting(at),
        "alert": alerts[0] if alerts else None,
        "more_alerts": alerts[1:],
        "hardware": [device for device in devices if device.phase != "delivery"],
        "parts": shown_at_home(request, person, today=today),
        "gates": gates_at_home(person, Category.objects.order_by("pk"), today=today),
    }


def shown_at_home(request, person, *, today) -> list[str]:
    """What the apps above and `assets/on_their_way.py` put on one's home, drawn."""
    known = {"person": person, "today": today}
    shown = home_panels_of(person, today=today)
    return [render_to_string(template, known | context, request) for template, context in shown]


def greeting(at) -> str:
    """Good morning, by the clocks on the company's walls."""
    hour = at.astimezone(clock.zone()).hour
    if 5 <= hour < 10:
        return _("Good morning")
    return _("Good evening") if hour >= 18 or hour < 5 else _("Hello")


def overview(company, at, today) -> dict:
    """What waits for the admins, and the company in figures."""
    shares = fleet.by_status()
    total = sum(share.total for share in shares)
    ages, ownership = fleet.by_age_and_ownership(today=today) if total else ([], [])
    return {
        "todos": todos(today=today),
        "panels": [context | {"template": template} for template, context in overview_panels(today=today)],
        "fleet": shares,
        "ages": ages,
        "ownership": ownership,
        "devices_total": total,
        "people_total": Person.objects.working(today).count(),
        "first": first_steps.first_steps(company, has_devices=bool(total), at=at),
        "mail": mail_health(at),
        "jobs": job_figures(at),
    }
