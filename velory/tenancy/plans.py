"""Which feature belongs to which plan. A feature is on where the plan includes it and the company's flag is set."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

INCLUDED = {
    "repair_flow": {"starter", "standard", "pro"},
    "leased_end_of_life": {"standard", "pro"},
    "store": {"starter", "standard", "pro"},
}


@dataclass(frozen=True)
class Feature:
    """What a feature is called, what a company has with it, and what it is like without."""

    code: str
    name: Any
    with_it: Any
    without_it: Any


FEATURES = {
    feature.code: feature
    for feature in (
        Feature(
            "repair_flow",
            _("Repairs"),
            _("Faults are reported, and devices go through repair, with a loan meanwhile."),
            _("Nobody can report a fault, and the pages of repairs and loans are gone. Cases stay on record."),
        ),
        Feature(
            "leased_end_of_life",
            _("End of leasing"),
            _("Holders of leased devices choose in time: buy it, or send it back. Returns are followed to the end."),
            _("Leased devices that come to their end get no reminders and offer no choice. What is chosen stays so."),
        ),
        Feature(
            "store",
            _("Store"),
            _("People order devices; requests are approved, budgets kept, and orders go to distributors."),
            _("Store, requests, orders and budgets are gone from every page. What was ordered stays on record."),
        ),
    )
}


def included(feature: str, plan: str) -> bool:
    """Whether a plan includes a feature; an unknown feature belongs to none."""
    return plan in INCLUDED.get(feature, set())


def in_force(features, plan: str) -> list[str]:
    """Those of some flags that a plan lets be on."""
    return [feature for feature in FEATURES if feature in features and included(feature, plan)]
