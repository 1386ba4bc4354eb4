"""Saimaa's people can also come in with their company's own sign-in: the stand-in of velory/demo/openid."""

from django.conf import settings

from velory import clock
from velory.demo.openid.provider import SECRET, subject_of
from velory.people.federated import known
from velory.people.federated.id_token import Said
from velory.people.federated.models import Identity, IdentityProvider
from velory.people.models import Person, Role
from velory.tenancy.context import inside
from velory.tenancy.models import Company

WHOSE, NAME, CLIENT = "saimaa", "Saimaa ID", "velory"


def has_a_provider(company) -> bool:
    """Whether the stand-in runs here, for this company."""
    return company.slug == WHOSE and bool(settings.ENV.velory_demo_openid_port)


def issuer() -> str:
    """By which it calls itself: an address that browsers and the product both reach."""
    return f"http://127.0.0.1:{settings.ENV.velory_demo_openid_port}"


def set_up_provider(company) -> None:
    """Sign-in with it, beside passwords. The first admin is linked; everybody else is asked once, as in life."""
    at = clock.now()
    with inside(company):
        facts = {"name": NAME, "issuer": issuer(), "client_id": CLIENT}
        provider = ours().first() or IdentityProvider.set_up(secret=SECRET, by=None, at=at, **facts)
        provider.turn(True, by=None, at=at)
        admin = Person.objects.filter(role=Role.ADMIN).order_by("pk").first()
        said = Said(provider.issuer, subject_of(admin.email), admin.email)
        known.link(admin, said, provider, by=None, at=at)


def follow_provider(company) -> None:
    """After a start on another port it is at another address, and knows everybody as before."""
    with inside(company):
        for moved in ours().exclude(issuer=issuer()):
            Identity.objects.filter(issuer=moved.issuer).update(issuer=issuer())
            moved.change(by=None, at=clock.now(), issuer=issuer())


def ours():
    """The stand-in as the company has it, unless somebody has removed it or called it otherwise."""
    return IdentityProvider.objects.filter(name=NAME, client_id=CLIENT)


def where_it_is_offered() -> list[tuple[str, str]]:
    """(address, name) of the sign-in pages that offer it."""
    company = Company.objects.servable().filter(slug=WHOSE).first()
    if company is None or not has_a_provider(company):
        return []
    with inside(company):
        return [(company.address(), provider.name) for provider in ours().filter(is_on=True)]
