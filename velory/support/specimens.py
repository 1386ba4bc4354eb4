"""Specimens of what admins hear of support."""

from datetime import timedelta

from velory import clock
from velory.post.specimens import Thing, specimen


@specimen("support/asks", "support/looks")
def an_access():
    """Of an operator with a reason."""
    access = Thing(
        "A-SPECIMEN", ref="A-SPECIMEN", operator_name="Velory", why="The import of 14 November stops at row 212.",
        ticket="4711", hours=4, ends_at=clock.now() + timedelta(hours=4),
    )  # fmt: skip
    return {"access": access, "link": "https://velory.example/settings/support/"}
