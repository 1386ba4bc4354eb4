"""Home: what needs me, what I have. An admin sees first what waits for the company."""

from datetime import timedelta

from django.db.models import Count
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assets import fleet
from assets.gate import gates
from assets.models import Category, Device
from assets.panels import alerts_for, home_panels_of, overview_panels
from assets.todos import todos
from velory import clock
from velory.people.models import Person
from velory.post.models import Letter


@require_safe
def home(request):
    """The overview for an admin, one's own things for everybody."""
    if request.user.is_admin:
        return render(request, "assets/overview.html", overview(clock.now(), clock.today()) | own_things(request))
    return render(request, "assets/home.html", own_things(request))


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
        "gates": gates(person, Category.objects.order_by("pk"), today=today),
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


def overview(at, today) -> dict:
    """What waits for the admins, and the company in figures."""
    shares = fleet.by_status()
    letters = dict(Letter.objects.written_since(at - timedelta(days=30)).values_list("state").annotate(n=Count("pk")))
    return {
        "todos": todos(today=today),
        "panels": [context | {"template": template} for template, context in overview_panels(today=today)],
        "fleet": shares,
        "ages": fleet.by_age(today=today),
        "devices_total": sum(share.total for share in shares),
        "people_total": Person.objects.working(today).count(),
        "mail": {
            "sent": sum(letters.get(state, 0) for state in ("sent", "delivered")),
            "bounced": sum(letters.get(state, 0) for state in ("bounced", "complained")),
            "failed": letters.get("failed", 0),
        },
    }
