"""What the two pages share that somebody comes back to from Stripe: of a payment, and of a card that is saved."""

from datetime import timedelta

from django.http import HttpResponse

from velory import clock
from velory.ui.steps import see_other

JUST_LOOKED = timedelta(seconds=20)  # so long what was seen at Stripe is shown as it was seen
BETWEEN_LOOKS = timedelta(seconds=1)  # whoever asks more often is shown what was seen a moment ago


def is_worth_a_look(thing, at) -> bool:
    """Whether Stripe is to be asked: it was not a moment ago."""
    return thing.looked_at is None or abs(at - thing.looked_at) >= BETWEEN_LOOKS


def face_of_waiting(thing, turned_back) -> str:
    """Which words are shown of what is open: whether we are still asking, or have seen that nothing was done."""
    seen = thing.looked_at is not None and abs(clock.now() - thing.looked_at) < JUST_LOOKED
    return "turned_back" if turned_back or seen else "confirming"


def show_again(request, thing, face: str, show):
    """After a look: the page anew; to its own script only what has changed."""
    if not request.htmx:
        return see_other(thing.get_absolute_url())
    return HttpResponse(status=204) if request.POST.get("shown") == face else show()
