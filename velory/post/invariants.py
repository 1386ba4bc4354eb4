"""What must hold of a company's letters (reliability 3.2)."""

from datetime import timedelta

from django.db.models import F

from velory import clock
from velory.agenda.models import Due
from velory.journal.invariants import invariant
from velory.post.letters import SENDING, kinds
from velory.post.models import Letter
from velory.post.sending import TRIES
from velory.tenancy.context import current_company


@invariant("N3 a letter goes after it was written")
def gone_too_early():
    """Sent before its cause."""
    for letter in Letter.objects.filter(sent_at__lt=F("written_at")):
        yield f"Letter {letter.ref} was sent at {letter.sent_at}, before it was written."


@invariant("N4 a letter is tried five times at most")
def tried_too_often():
    """More tries than there are."""
    for letter in Letter.objects.filter(tries__gt=TRIES):
        yield f"Letter {letter.ref} was tried {letter.tries} times."


@invariant("N9 no letter stays half sent")
def half_sent():
    """Being sent, and its lease ended long ago."""
    for letter in Letter.objects.in_state(Letter.State.SENDING).filter(
        lease_until__lt=clock.wall() - timedelta(minutes=20)
    ):
        yield f"Letter {letter.ref} has been in sending since {letter.lease_until}."


@invariant("a letter that waits is on the agenda")
def forgotten():
    """Waiting, and nothing will ever send it."""
    due = set(Due.objects.filter(company_id=current_company().pk, kind=SENDING).values_list("ref", flat=True))
    for letter in Letter.objects.unsent().only("pk", "ref"):
        if str(letter.pk) not in due:
            yield f"Letter {letter.ref} waits, and is not on the agenda."


@invariant("a secret is forgotten once its letter is closed")
def secrets_kept():
    """Closed, with a secret still in its context."""
    for kind in kinds():
        if kind.secret:
            closed = Letter.objects.of_template(kind.template).exclude(pk__in=Letter.objects.unsent())
            for letter in closed.filter(context__has_any_keys=list(kind.secret)):
                yield f"Letter {letter.ref} still holds a secret."
