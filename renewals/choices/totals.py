"""What holders have said so far, counted for the admins: each figure is the length of the list that it leads to."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from renewals import due
from renewals.forecast.groups import Said, on_the_way, said
from renewals.paths import Path, on_path

ASKED = (Path.LEASED, Path.ONE_OFF)  # what happens on the external path is not chosen here
SO_FAR = [
    (Said.NOTHING, _("Nothing chosen yet")),
    (Said.PRELIMINARY_BUY_OUT, _("Preliminary buy-out")),
    (Said.PRELIMINARY_RETURN, _("Preliminary return")),
]
FOR_GOOD = [
    (Said.BUY_OUT, pgettext_lazy("totals", "Buying out or bought")),
    (Said.RETURN, pgettext_lazy("totals", "Going back")),
]


@dataclass(frozen=True)
class Figure:
    """How many devices, of which kind, and the list of exactly these."""

    label: Any
    count: int
    url: str


def so_far(today) -> list[Figure]:
    """Of the devices whose holders are asked: what they would rather do, and how many have said nothing."""
    asked = due.due(today).filter(on_path(Path.LEASED) | on_path(Path.ONE_OFF))
    return _figures(asked, SO_FAR, reverse("renewals:due"), [("path", path.value) for path in ASKED])


def for_good(today) -> list[Figure]:
    """Of the devices in the house: what was decided and is on its way."""
    return _figures(on_the_way(today), FOR_GOOD, reverse("renewals:all"), [])


def _figures(devices, kinds, address, query):
    conditions = said()
    counted = devices.aggregate(**{kind.value: Count("pk", filter=conditions[kind.value]) for kind, _words in kinds})
    return [
        Figure(words, counted[kind.value], f"{address}?{urlencode([*query, ('choice', kind.value)])}")
        for kind, words in kinds
    ]
