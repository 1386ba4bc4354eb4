"""What a person has: the panel that devices show on the person's page."""

from assets.models import Device
from velory.people.panels import panel


@panel(order=10)
def their_devices(person, by, *, today):
    """The devices that are theirs now, the earliest renewal first."""
    devices = Device.objects.held_by(person).in_the_house().with_what_a_list_shows().order_by("renewal_on", "pk")
    return "assets/belongings.html", {"devices": list(devices)}
