"""Whoever lost their phone is let in again by an admin or an operator, on record (reliability R67)."""

import pytest
from allauth.mfa.models import Authenticator

from tests.kernel.signing_in import somebody
from tests.kernel.two_factors import letters_about, with_an_app
from tests.making import an_admin
from velory import clock
from velory.journal.reason import NotYours, Refused
from velory.operators.models import OperatorDeed
from velory.people import factors
from velory.people.again import SAID_AT
from velory.tenancy.context import inside, outside

pytestmark = pytest.mark.usefixtures("nobody_has_knocked")


def test_an_admin_removes_a_colleagues_factors_with_a_reason(at_their_desk):
    person, _secret = with_an_app()
    admin = an_admin()
    desk = at_their_desk(admin)
    assert "Yes" in desk.get(person.get_absolute_url()).content.decode()
    address = f"/people/{person.ref}/second_factor/remove/"

    assert desk.post(address, {"reason": ""}).status_code == 422
    assert desk.post(address, {"reason": "Phone lost"}).status_code == 303

    assert not Authenticator.objects.filter(user=person).exists()
    assert letters_about(person)[-1] == "lost_factors"
    entry = person.journal.latest("pk")
    assert (entry.step, entry.by_ref) == ("lost_factors", admin.ref)
    assert "Phone lost" in entry.sentence


def test_nobody_removes_their_own_that_way_nor_as_an_employee():
    admin = an_admin()
    with_an_app(admin)
    with pytest.raises(Refused):
        factors.remove_all(admin, by=admin, reason="x", at=clock.now())
    with pytest.raises(NotYours):
        factors.remove_all(admin, by=somebody(), reason="x", at=clock.now())
    with pytest.raises(Refused):
        factors.remove_all(somebody(), by=admin, reason="x", at=clock.now())
    assert factors.standing(admin).has_two


def test_operators_remove_those_of_an_only_admin(console, ops):
    person, _secret = with_an_app(an_admin(email="nils@nordvik.example"))
    address = "/companies/nordvik/second_factor/"
    assert console.get(address).url.startswith("/you/again/")
    with inside(ops):
        session = console.session
        session[SAID_AT] = clock.wall().isoformat()
        session.save()
    said = {"email": "nils@nordvik.example", "reason": "Phone lost, called back"}

    for wrong in ({}, said | {"email": somebody().email}, said | {"email": "nobody@nordvik.example"}):
        assert console.post(address, wrong).status_code == 422
    colleague = an_admin(last_login=clock.now())
    assert "Another admin of the company can do it" in console.post(address, said).text
    colleague.end_access(by=person, at=clock.now())
    assert console.post(address, said).status_code == 303

    assert not Authenticator.objects.filter(user=person).exists()
    assert letters_about(person)[-1] == "lost_factors"
    entry = person.journal.latest("pk")
    assert (entry.step, entry.by_ref, entry.details["who"]) == ("lost_factors", "", "Velory Operator")
    with outside():
        deed = OperatorDeed.objects.get()
    assert (deed.deed, deed.reason, deed.concerns_company) == ("lost_factors", said["reason"], True)
