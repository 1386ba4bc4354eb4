"""The pages about oneself, as links that stand on each of them."""

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from velory.people.panels import own_places_of

register = template.Library()


@register.simple_tag(takes_context=True)
def own_pages(context, here=""):
    """Your details, and what stands beside it; the nearest to the present address (or to `here`) is the current one."""
    request = context["request"]
    path = here or request.path
    places = [(_("Your details"), reverse("people:you")), *own_places_of(request.user)]
    nearest = max((address for _label, address in places if path.startswith(address)), key=len, default="")
    links = [{"label": label, "address": address, "current": address == nearest} for label, address in places]
    return mark_safe(render_to_string("components/views.html", {"links": links, "label": _("Your details")}))
