"""Who hears that something is shipped or delivered. The words are in the templates of these names.

What moves in one moment for one recipient goes in one letter; each device is told of once in each status, for it
never comes back to one.
"""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.lifecycle import Status
from assets.models import AssetSettings, Device
from orders.models import OrderLine, StoreSettings
from velory import clock
from velory.journal.reason import Reason
from velory.people.models import Person
from velory.people.rules import administrator
from velory.post.letters import letter, write_letter
from velory.post.models import Letter
from velory.tenancy.context import current_company

SHIPPED, DELIVERED = "orders/shipped", "orders/delivered"

# When a letter no longer holds good


def still_on_its_way(letter, at):
    """Something of it has not been delivered yet, and goes to whoever is written to."""
    return (
        None if _told(letter, at) else Reason("over", _("What it says is no longer so: it has come, or changed hands."))
    )


def _told(letter, at) -> list[Device]:
    """The devices of which a letter may still say what it says."""
    return [
        device for device in _devices(letter) if _holds(device, letter) and letter.person in hearers_of(device, at=at)
    ]


def _devices(letter):
    return Device.objects.referred(letter.context["devices"]).with_what_a_list_shows().order_by("name", "pk")


def _holds(device, letter):
    if letter.template == SHIPPED:
        return device.status == Status.SHIPPED
    return device.status == Status.DELIVERED or (
        device.ref in letter.context.get("received", []) and not device.is_archived
    )


# What they say


@letter(SHIPPED, check=still_on_its_way, label=gettext_lazy("Order shipped"))
@letter(DELIVERED, check=still_on_its_way, label=gettext_lazy("Order delivered"))
def what_has_moved(letter):
    """Each device with its order and its tracking, and where it is followed or received."""
    at = letter.sent_at or letter.written_at
    return in_parts(letter, _told(letter, at) or list(_devices(letter)))


def in_parts(letter, devices) -> dict:
    """What a letter about some devices needs to know of each, and where its button leads."""
    lines = {line.device_id: line for line in OrderLine.objects.of_devices(devices).for_following()}
    of_their_own_accord = StoreSettings.here().auto_receive
    parts = [_part(device, lines.get(device.pk), letter, of_their_own_accord) for device in devices]
    only = parts[0] if len(parts) == 1 else None
    company = current_company()
    return {
        "parts": parts, "only": only, "is_holder": all(part["is_theirs"] for part in parts),
        "orders_url": company.address(reverse("orders:own_orders")),
        "url": company.address(only["page"]) if only else company.address(reverse("orders:own_orders")),
    }  # fmt: skip


def _part(device, line, letter, of_their_own_accord):
    is_theirs = device.holder_id is not None and device.holder == letter.person
    by_itself = device.ref in letter.context.get("received", [])
    will = is_theirs and _may_receive(letter.person)
    may = will and device.status == Status.DELIVERED
    missing = _missing(device)
    return {
        "device": device, "order": line.order if line else None, "expected_on": line.expected_on if line else None,
        "track": device.tracking_page, "is_theirs": is_theirs, "for": "" if is_theirs else str(device.whose or ""),
        "by_itself": by_itself, "may_receive": may, "will_receive": will, "shows_way": letter.template == SHIPPED,
        "comes_by_itself": of_their_own_accord and not device.is_leased and not missing,
        "numbers_missing": missing, "page": _page(device, line, may),
    }  # fmt: skip


def _may_receive(person):
    return administrator(person) or AssetSettings.here().holder_may_receive


def _missing(device):
    return not device.serial or (device.category.has_imei and not device.imei)


def _page(device, line, may):
    if may:
        return reverse("assets:step", args=[device.ref, "receive"])
    return reverse("orders:own_order", args=[line.order.ref]) if line else device.get_absolute_url()


# Who is written to


def it_is_shipped(device, *, at) -> None:
    """The parcel is with the carrier."""
    _tell(SHIPPED, device, at=at)


def it_is_delivered(device, *, by_itself: bool, at) -> None:
    """It is there; received of its own accord, or somebody is to say so."""
    _tell(DELIVERED, device, at=at, received=by_itself)


def hearers_of(device, *, at) -> list[Person]:
    """Whoever gets it; for a space, for the company, or where the holder can't be written to, whoever asked for it; if
    nobody of them can be, the admins."""
    today = clock.local_date(at)
    line = OrderLine.objects.of(device).for_following().first()
    asked = line.order.request.requester if line and line.order.request else None
    found = next((p for p in (device.holder, asked) if p and p.email and p.works_on(today)), None)
    return [found] if found else list(Person.objects.admins_to_write_to(today))


def _tell(template, device, *, at, received=False):
    for person in hearers_of(device, at=at):
        key = f"{template}/{at:%Y%m%dT%H%M%S%f}/{person.ref}"
        context = {"devices": [device.ref], "received": [device.ref] if received else []}
        if write_letter(template, key=key, person=person, at=at, context=context) is None:
            _add(template, key, person, context, at)


def _add(template, key, person, context, at):
    """Another device of the same moment joins the letter that waits; one that has gone is followed by its own."""
    waiting = Letter.objects.waiting().select_for_update().filter(key=key).first()
    if waiting is None:
        write_letter(template, key=f"{key}/{context['devices'][0]}", person=person, at=at, context=context)
    elif context["devices"][0] not in waiting.context["devices"]:
        waiting.context = {name: [*waiting.context.get(name, []), *refs] for name, refs in context.items()}
        waiting.save(update_fields=["context"])
