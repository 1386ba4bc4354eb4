"""Specimens of what is written before a company is erased."""

from datetime import timedelta

from velory import clock
from velory.post.specimens import specimen

LETTERS = ("asked", "closing", "closed", "soon", "called_off")


@specimen(*(f"erasing/{name}" for name in LETTERS), name="name")
def an_erasing():
    """Of a company whose contract has ended."""
    today = clock.today()
    return {
        "name": "Nordvik Energi AB", "slug": "nordvik", "address": "https://nordvik.velory.example/",
        "by": "Nils Wikström", "reason": "The contract has ended.", "whom": "support@velory.example",
        "closes_on": today + timedelta(days=7), "closed_on": today, "erases_on": today + timedelta(days=37),
        "link": "https://velory.example/settings/", "export": "https://velory.example/settings/export/",
        "is_admin": True,
    }  # fmt: skip
