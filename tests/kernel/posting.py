"""Makers of the tests about letters: a kind of the tests' own, letters of that kind, a mail server that refuses."""

from velory.agenda import book
from velory.post import letters
from velory.post.letters import Kind, holds_good, write_letter
from velory.post.models import Letter

TEMPLATE = "people/invitation"


def a_kind(monkeypatch, *, context=None, check=holds_good, **facts):
    """Letters with the words of an invitation that are no security letters, unless the test says so."""

    def what_it_says(letter):
        return {"link": "https://example.test/somewhere/", "days": 14, "inviter": "Nils Wikström"} | letter.context

    kind = Kind(TEMPLATE, context or what_it_says, check, **facts)
    monkeypatch.setattr(letters, "_kinds", letters._kinds | {TEMPLATE: kind})
    return kind


def a_letter(person, at, *, key="test/1", **facts):
    return write_letter(TEMPLATE, key=key, person=person, at=at.moment, **facts)


def the_letter():
    return Letter.objects.get()


def post_is_sent(at):
    """What the worker does with letters that are due; returns how many things were on the agenda."""
    return sum(1 for due in _due(at) if book.carry_out(due, _company(), at=at.moment) is None)


def _due(at):
    from velory.agenda.models import Due

    rows = Due.objects.filter(kind="post.send", due_at__lte=at.moment, parked_at=None).order_by("due_at", "pk")
    return list(rows)


def _company():
    from velory.tenancy.context import current_company

    return current_company()


class RefusingServer:
    """Stands where a message is sent: raises what the test says, as often as it says, then sends."""

    def __init__(self, monkeypatch, *faults):
        from django.core.mail import EmailMultiAlternatives

        self.faults, self.asked = list(faults), []
        send = EmailMultiAlternatives.send

        def answer(message, *args, **kwargs):
            self.asked.append(message)
            if self.faults:
                raise self.faults.pop(0)
            return send(message, *args, **kwargs)

        monkeypatch.setattr(EmailMultiAlternatives, "send", answer)
