"""A company's only admin has lost their second factor: an operator removes it, on record on both sides.

Operators read nothing of the company's people: they name an address that they were told, and are refused where it is
not the address of an admin, or where the company can help itself.
"""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from velory import clock
from velory.journal.reason import Reason, Refused
from velory.operators.changing import refuse_unless
from velory.operators.deeds import note, tells
from velory.people import factors
from velory.people.models import Person
from velory.tenancy.context import inside
from velory.tenancy.models import Company

tells("lost_factors", gettext_lazy("{by} removed the second factor of an admin: {reason}"), concerns_company=True)


def remove_factors(company, *, email: str, reason: str, by, at) -> None:
    """The admin at an address signs in with one factor again, until they set up another."""
    refuse_unless(company, Company.State.READY)
    with inside(company), transaction.atomic():
        today = clock.today()
        person = Person.objects.at_address(email).admins().working(today).first()
        if person is None:
            raise Refused(Reason("no_admin", _("No admin of the company has this address.")))
        if _others(person, today).exists():
            raise Refused(Reason("others", _("Another admin of the company can do it, and knows who asks.")))
        factors.remove_all(person, by=None, operator=str(by), reason=reason, at=at)
        note(company, "lost_factors", by=by, at=at, reason=reason)


def _others(person, today):
    return Person.objects.admins().working(today).exclude(pk=person.pk).exclude(last_login=None)
