"""Which ways in there are at this company, and which a session came by."""

from allauth.account.authentication import get_authentication_records

from velory.people.federated.models import Identity, IdentityProvider, SignInSettings

FEDERATED, CODE = "socialaccount", "code"  # as allauth names them in a session's records


def has_passwords() -> bool:
    """Whether one signs in with a password here."""
    return SignInSettings.here().has_passwords


def providers() -> list[IdentityProvider]:
    """The identity providers that one can sign in with."""
    return list(IdentityProvider.objects.on())


def providers_of(person) -> list[IdentityProvider]:
    """Those that know this person."""
    issuers = Identity.objects.filter(person=person).values("issuer")
    return list(IdentityProvider.objects.on().filter(issuer__in=issuers))


def came_without_password(request) -> bool:
    """Whether this session's person has signed in by a way that remains when passwords are gone."""
    records = get_authentication_records(request, request.user)
    return any(record["method"] in {FEDERATED, CODE} or record.get("passwordless") for record in records)
