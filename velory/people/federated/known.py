"""Who somebody is whom a provider has named: the person linked with that issuer and subject, and nobody else (R65).

An e-mail in a token links nobody. A name that is new here is linked by the person themself: signed in, behind an
invitation, or with a code that goes to their address. Somebody who is nobody yet gets an account only where the
company makes accounts for that e-mail domain.
"""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from velory import clock
from velory.journal.reason import Reason, Refused, overtaken
from velory.people.federated.models import Identity
from velory.people.journal import note_change
from velory.people.models import Person, Role
from velory.tenancy.context import current_company
from velory.unseen import holds_unseen


def person_of(said, *, at) -> Person | None:
    """Whoever is linked with this name; noted as used. None where it is new here."""
    found = Identity.objects.select_related("person").filter(issuer=said.issuer, subject=said.subject).first()
    if found is None:
        return None
    found.used_at, found.called = at, said.called[:254]
    found.save(update_fields=["used_at", "called"])
    return found.person


def link(person, said, provider, *, by, at) -> None:
    """From now on this name at the provider signs this person in. Refused where either is linked otherwise."""
    try:
        with transaction.atomic():
            person.take_hold()
            theirs = Identity.objects.filter(issuer=said.issuer, subject=said.subject).first()
            if theirs is not None and theirs.person_id == person.pk:
                return
            refuse_second(theirs, person, said, provider)
            Identity.objects.create(
                person=person, issuer=said.issuer, subject=said.subject, called=said.called[:254], linked_at=at
            )
            note_change(person, "linked_sign_in", by=by, at=at, provider=provider.name)
    except IntegrityError as twice:
        raise overtaken("linked") from twice


def begin(person, said, provider, *, at) -> None:
    """Whoever was invited comes through the provider: linked, and with the name that it says where there was none."""
    link(person, said, provider, by=person, at=at)
    if not person.get_full_name():
        person.first_name, person.last_name = name_of(said)
        person.save(update_fields=["first_name", "last_name"])


def name_of(said) -> tuple[str, str]:
    """First and last name as the provider says them, where they can be shown."""
    names = said.first_name, said.last_name
    return ("", "") if any(holds_unseen(name) for name in names) else names


def refuse_second(theirs, person, said, provider) -> None:
    """A name belongs to one person, and a person has one name with each provider."""
    if theirs is not None:
        raise Refused(Reason("linked", _("That sign-in at %s belongs to somebody else here.") % provider.name))
    if Identity.objects.filter(issuer=said.issuer, person=person).exists():
        words = _("You are linked with another sign-in at %s already. Undo that first, under Sign-in and security.")
        raise Refused(Reason("linked", words % provider.name))


def unlink(person, provider, *, by, at) -> bool:
    """The provider does not sign this person in any more; whether it did."""
    with transaction.atomic():
        person.take_hold()
        gone = Identity.objects.filter(issuer=provider.issuer, person=person).delete()[0]
        if gone:
            note_change(person, "unlinked_sign_in", by=by, at=at, provider=provider.name)
    return bool(gone)


def makes_account_for(provider, address: str) -> bool:
    """Whether somebody with this address gets an account: its domain is named, and nobody here has the address."""
    domain = address.rpartition("@")[2].lower()
    return bool(domain) and domain in provider.domains and not Person.objects.at_address(address).exists()


def make_account(provider, said, address: str, *, at) -> Person:
    """An employee, without further rights, linked with the name that the provider gave. Refused where one is there."""
    name = dict(zip(("first_name", "last_name"), name_of(said), strict=True))
    try:
        with transaction.atomic():
            person = Person.add(
                by=None, at=at, email=address, role=Role.EMPLOYEE, language=current_company().language, **name
            )
            link(person, said, provider, by=None, at=at)
    except IntegrityError as twice:
        raise overtaken() from twice
    return person


def whose(address: str) -> Person | None:
    """The person with access who has this address."""
    return Person.objects.at_address(address).working(clock.today()).first()
