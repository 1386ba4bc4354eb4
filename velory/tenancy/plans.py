"""Which feature belongs to which plan. A feature is on where the plan includes it and the company's flag is set."""

INCLUDED = {
    "repair_flow": {"starter", "standard", "pro"},
    "leased_end_of_life": {"standard", "pro"},
    "store": {"starter", "standard", "pro"},
}


def included(feature: str, plan: str) -> bool:
    """Whether a plan includes a feature; an unknown feature belongs to none."""
    return plan in INCLUDED.get(feature, set())
