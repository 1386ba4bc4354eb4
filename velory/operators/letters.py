"""Letters of the operators: from their own company's outbox, to people outside it."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from velory.journal.reason import Reason
from velory.operators.models import Opening
from velory.operators.openings import HOURS
from velory.post.letters import letter, write_letter, write_outside
from velory.tenancy.models import Company, address_at

CONFIRMED = gettext_noop("The link was followed, or is too old.")
NOT_SO_ANY_MORE = gettext_noop("The company is open again, or closed again.")


def still_to_confirm(letter, at):
    """Nothing is asked that was answered."""
    asked = Opening.objects.unconfirmed().filter(ref=letter.context["opening"], expires_at__gt=at)
    return None if asked.exists() else Reason("confirmed", CONFIRMED)


def still_so(letter, at):
    """Nobody reads that a company is closed while it is open, or the other way round."""
    is_closed = letter.template == "operators/suspended"
    state = Company.State.SUSPENDED if is_closed else Company.State.READY
    if Company.objects.filter(slug=letter.context["slug"], state=state).exists():
        return None
    return Reason("not_so", NOT_SO_ANY_MORE)


@letter(
    "operators/confirm_sign_up", check=still_to_confirm, security=True, secret=["link"], by_operators=True,
    label=_("Sign-up"),
)  # fmt: skip
def where_to_confirm(letter):
    """A link that opens a company."""
    return letter.context | {"hours": HOURS}


@letter("operators/suspended", check=still_so, by_operators=True, label=_("Company suspended"))
def why_it_is_closed(letter):
    """What its admins read when their company is closed."""
    return letter.context | {"whom": settings.ENV.velory_contact}


@letter("operators/resumed", check=still_so, by_operators=True, label=_("Company open again"))
def that_it_is_open(letter):
    """What its admins read when it is open again."""
    return letter.context | {"whom": settings.ENV.velory_contact}


def ask_to_confirm(opening: Opening, raw: str, *, at) -> None:
    """Write to whoever signed up. Inside the operators' company."""
    link = address_at(settings.BASE_DOMAIN, f"/sign-up/confirm/{raw}/")
    known = {"opening": opening.ref, "name": opening.name, "address": opening.domain, "link": link}
    write_letter(
        "operators/confirm_sign_up", key=f"confirm_sign_up:{opening.ref}", to=opening.admin_email,
        language=opening.language, context=known, at=at,
    )  # fmt: skip


def tell_admins(company, template: str, addresses, *, reason: str, at) -> None:
    """Write to a company's admins: (address, name, language) each. Inside the operators' company."""
    known = {"slug": company.slug, "name": company.name, "address": company.address(), "reason": reason}
    key = f"{template}:{company.slug}:{at.isoformat()}"
    write_outside(template, addresses, key=key, context=known, at=at)
