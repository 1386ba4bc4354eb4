"""`@notice`: who hears of a step, for its `tells=`. The words are in the template of that name.

    @notice("renewals/started")
    def distributor_is_told(thing, entry):
        return [(thing.distributor.email, thing.distributor.name)]

Each recipient is a Person, or an address with a name. The key follows from the entry, the template and the
recipient, so a step that runs once is told once; `letter.context["entry"]` is the entry's key.
"""

from functools import wraps

from velory.people.models import Person
from velory.post.letters import write_letter


def notice(template: str):
    """Make a step's `tell(thing, entry)` of a function that names the recipients."""

    def decorate(recipients):
        @wraps(recipients)
        def tell(thing, entry):
            for to in recipients(thing, entry):
                facts = {"person": to} if isinstance(to, Person) else {"to": to[0], "to_name": to[1]}
                write_letter(
                    template,
                    key=f"{template}/{entry.pk}/{to.ref if isinstance(to, Person) else to[0]}"[:200],
                    context={"entry": entry.pk, "about": thing.ref},
                    at=entry.at,
                    **facts,
                )

        tell.template = template
        return tell

    return decorate
