"""What a person has and what they had: the panel that devices show on the person's page."""

from assets.models import Device, Holding
from velory.people.panels import panel

BEFORE = 20


@panel(order=10)
def their_devices(person, by, *, today):
    """The devices that are theirs now, the earliest renewal first; below them those that they had before."""
    devices = Device.objects.held_by(person).in_the_house().with_what_a_list_shows().order_by("renewal_on", "pk")
    ended = Holding.objects.filter(person=person, until_at__isnull=False).exclude(device__holder=person)
    before: dict[int, Holding] = {}
    for holding in ended.select_related("device").order_by("-until_at", "-pk")[: BEFORE * 2]:
        before.setdefault(holding.device_id, holding)
    return "assets/belongings.html", {"devices": list(devices), "before": list(before.values())[:BEFORE]}
