"""Ways of signing in, for the pages that show them."""

from django import template

from velory.people.again import safe
from velory.people.federated import ways
from velory.people.federated.showing import address_of, own_sign_ins

register = template.Library()


@register.simple_tag(takes_context=True)
def ways_in(context, invitation="", why="", back=""):
    """Whether there are passwords, and a way to each provider: `{% ways_in as ways %}`."""
    request = context["request"]
    after = safe(back or request.GET.get("next") or "/")
    asks = {"for": why, "next": "" if after == "/" else after, "invitation": invitation}
    providers = ways.providers_of(request.user) if why == "again" else ways.providers()
    return {
        "has_passwords": ways.has_passwords(),
        "providers": [{"name": each.name, "address": address_of(each, **asks)} for each in providers],
    }


@register.inclusion_tag("federated/_own_sign_ins.html", takes_context=True)
def own_links(context):
    """One's own sign-ins at the company's providers, each with its button; nothing where there is no provider."""
    return {"sign_ins": own_sign_ins(context["request"].user), "csrf_token": context.get("csrf_token")}
