"""Makers of the tests about dispatch: a worker who does what is due, and how an order stands afterwards."""

from velory.agenda import book
from velory.post.models import Letter

MAIL_GOES = 4  # the order, its letter, what the letter's fate brings about; once more to be sure


def what_is_due_is_done(at):
    """The worker, until nothing is due any more."""
    for _ in range(MAIL_GOES):
        book.dispatch(at=at.moment, apart_too=True)


def seen(order):
    """An order as it is in the database now."""
    return type(order).objects.get(pk=order.pk)


def letters_to(address):
    """Every letter to an address, the oldest first."""
    return list(Letter.objects.filter(to__iexact=address).order_by("pk"))
