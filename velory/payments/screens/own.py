"""One's own payments: a panel of the page about oneself, and a confirmation that can be printed."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from velory.payments.cards import is_needed
from velory.payments.currencies import from_minor
from velory.payments.models import Attempt, Card
from velory.payments.screens.looks import badge_of, titles_of
from velory.payments.screens.story import paid_row
from velory.people.panels import own_panel, panel


@own_panel(order=50)
def what_one_has_paid(person, *, today):
    """The latest payments that came to something, or still may."""
    return _panel(person, admin=False)


@own_panel(order=52)
def cards_that_one_has_saved(person, *, today):
    """Each with who can charge it and until when; nothing where there is none."""
    cards = list(Card.objects.of(person).saved().select_related("payee").order_by("-saved_at")[:10])
    return ("payments/_own_cards.html", {"rows": [(card, is_needed(card)) for card in cards]}) if cards else None


@panel(order=60)
def what_a_person_has_paid(person, by, *, today):
    """The same on a person's page, for admins."""
    return _panel(person, admin=True)


def _panel(person, *, admin):
    attempts = list(Attempt.objects.by(person).exclude(state=Attempt.State.EXPIRED).with_sums().newest_first()[:20])
    if not attempts:
        return None
    titles = titles_of(attempts)
    rows = [(attempt, titles[attempt.pk], badge_of(attempt)) for attempt in attempts]
    return "payments/_own_panel.html", {"rows": rows, "admin": admin}


@require_safe
def receipt(request, ref):
    """A confirmation of what one has paid, on a page that can be printed; admins see everybody's."""
    attempts = Attempt.objects.with_what_lists_need()
    attempt = get_object_or_404(attempts if request.user.is_admin else attempts.by(request.user), ref=ref)
    paid = paid_row(attempt)
    if paid is None:
        raise Http404
    page = {
        "attempt": attempt, "title": titles_of([attempt])[attempt.pk], "paid": paid,
        "captured": from_minor(attempt.captured, attempt.currency),
        "back": from_minor(attempt.given_back, attempt.currency) if attempt.given_back else None,
        "left": from_minor(attempt.captured - attempt.given_back, attempt.currency),
    }  # fmt: skip
    return render(request, "payments/receipt.html", page)
