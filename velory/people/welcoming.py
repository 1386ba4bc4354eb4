"""Whoever a new company begins with."""

from velory.people.models import Person
from velory.tenancy.opening import welcomes


@welcomes
def invite_first_admin(company, address):
    """Its first admin, in the company's language; doing it twice changes nothing."""
    Person.objects.invite_first_admin(address, language=company.language)
