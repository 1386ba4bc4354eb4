"""Letting somebody in whom a provider has named, as every sign-in does: through allauth's stages."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login

from velory.people.federated.ways import FEDERATED


def enter(request, person, provider, said, *, back: str, is_first: bool = False):
    """Sign a person in; those without access read so, and whoever has a second factor is asked for it.

    Not asked where the provider says that two factors were used, or always asks for two. The first time is an
    exception: a mail or an invitation said who it is, and that is one factor. When they said who they are is when they
    did so there: a provider that lets people in without asking makes no session fresh (R67).
    """
    two = not is_first and (said.two_factor or provider.asks_for_two)
    record_authentication(
        request, person, FEDERATED, at=said.signed_in_at, provider=provider.ref, two_factor=two or None
    )
    return perform_login(request, Login(user=person, redirect_url=back))
