"""One's own sign-ins at identity providers, as they stand among the ways to sign in."""

from django.urls import reverse
from django.utils.http import urlencode

from velory.people.federated.models import Identity, IdentityProvider


def own_sign_ins(person) -> list[dict]:
    """Each provider one can sign in with, and the person's own link with it; none where the company has none."""
    providers = list(IdentityProvider.objects.on())
    if not providers:
        return []
    links = {one.issuer: one for one in Identity.objects.filter(person=person)}
    return [{"provider": provider, "link": links.get(provider.issuer)} for provider in providers]


def address_of(provider, **more: str) -> str:
    """Where the browser sets out for a provider: `next`, and `for` what else than signing in."""
    known = {name: value for name, value in more.items() if value}
    asks = f"?{urlencode(known)}" if known else ""
    return reverse("federated:go", args=[provider.ref], urlconf="velory.urls") + asks
