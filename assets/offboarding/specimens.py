"""Specimens of letters to people who leave."""

from datetime import timedelta

from django.utils.translation import gettext as _

from velory import clock
from velory.post.specimens import Thing, specimen

LINK = "https://velory.example/l/preview/"


@specimen("assets/offboarding", "assets/offboarding_reminder", last_day="offboarding.last_day_on")
def a_last_day():
    """Two devices to settle."""
    items = [_item("iPhone 15, 128 GB", "F2LXQ7K4M9"), _item("Dell Latitude 7450", "V97X4UEH82")]
    return {
        "offboarding": Thing(last_day_on=clock.today() + timedelta(days=11)), "items": items, "open": items,
        "person": Thing("Noor O'Brien"), "url": LINK, "chooses": True,
    }  # fmt: skip


@specimen("assets/offboarding_called_off")
def somebody_who_stays():
    """The last day was taken away again."""
    return {"url": "https://velory.example/"}


def _item(name, serial):
    return Thing(name, device=Thing(name, name=name, serial=serial),
                 standing=Thing(to_them=_("Say what becomes of it."), asks=True))  # fmt: skip
