"""How devices, spaces and partners are found by the search from anywhere."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assets.models import Device, Partner, Space
from velory.folding import words_of
from velory.ui.search import Hit, finds, shown


@finds(_("Devices"), order=20)
def devices(q, by, most):
    """By name, serial number, IMEI, number, reference or holder; of the archive too."""
    found = Device.objects.visible_to(by).matching(q).select_related("holder", "space").order_by("name", "pk")
    address = reverse("assets:hardware") if by.is_admin else ""
    return shown(found, _device, most=most, address=address, q=q)


def _device(device):
    known = [device.serial or device.imei or device.ref, device.whose, device.get_status_display()]
    return Hit(device.name, " · ".join(str(word) for word in known if word), device.get_absolute_url(), "laptop")


@finds(_("Spaces"), order=40)
def spaces(q, by, most):
    """By name, for admins; what stands in one is a list of hardware."""
    if not by.is_admin:
        return None
    found = _named(Space.objects.select_related("location"), q).order_by("name")
    return shown(found, _space, most=most, address="", q=q)


def _space(space):
    return Hit(space.name, str(space.location or ""), _what_stands_in(space), "map-pin")


def _what_stands_in(space):
    return f"{reverse('assets:hardware')}?{urlencode({'q': space.name})}"


@finds(_("Partners"), order=60)
def partners(q, by, most):
    """By name, for admins."""
    if not by.is_admin:
        return None
    return shown(_named(Partner.objects.all(), q).order_by("name"), _partner, most=most, address="", q=q)


def _partner(partner):
    return Hit(partner.name, partner.email, reverse("assets:edit_partner", args=[partner.ref]), "handshake")


def _named(things, q):
    for word in words_of(q):
        things = things.filter(name__folded__contains=word)
    return things
