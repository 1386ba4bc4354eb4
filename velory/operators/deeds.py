"""What operators do, put down in the transaction in which they do it, and told in words, before → after.

    tells("change_plan", _("{by} changed plan and features: {changes}."), concerns_company=True)
    note(company, "change_plan", by=request.user, at=clock.now(), changes={"plan": ["pro", "starter"]})

What concerns a company stands on its own settings page too.
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from velory.operators.models import OperatorDeed
from velory.tenancy.models import Company
from velory.tenancy.plans import FEATURES


@dataclass(frozen=True)
class Telling:
    """The sentence of a deed; whether the company's admins read it."""

    text: str
    concerns_company: bool


@dataclass(frozen=True)
class Hand:
    """Whoever did something, where only the name is at hand."""

    ref: str
    name: str

    def __str__(self):
        return self.name


_tellings: dict[str, Telling] = {}

FACTS = {
    "name": gettext_lazy("Name"),
    "country": gettext_lazy("Country"),
    "language": gettext_lazy("Language"),
    "currency": gettext_lazy("Currency"),
    "time_zone": gettext_lazy("Time zone"),
    "plan": gettext_lazy("Plan"),
    "features": gettext_lazy("Features"),
    "domain": gettext_lazy("Address"),
    "primary": gettext_lazy("Primary address"),
}


def tells(deed: str, text, *, concerns_company: bool = False) -> None:
    """Register the sentence of a deed: {by}, {changes} and {reason} stand in it by name."""
    _tellings[deed] = Telling(text, concerns_company)


def note(company, deed: str, *, by, at, reason: str = "", changes: dict | None = None) -> OperatorDeed:
    """Put a deed down. `by=None`: by command, at the server, or by whoever signed up."""
    return OperatorDeed.objects.create(
        company=company, company_slug=company.slug, company_name=company.name, deed=deed, at=at,
        by_ref=by.ref if by else "", by_name=str(by)[:200] if by else "",
        changes=changes or {}, reason=reason, concerns_company=_tellings[deed].concerns_company,
    )  # fmt: skip


def sentence(done: OperatorDeed) -> str:
    """What was done. A deed that nobody words any more is told by its name."""
    telling = _tellings.get(done.deed)
    text = str(telling.text) if telling else "{by}: " + done.deed
    values = {"by": done.by_name or _("Velory"), "reason": done.reason, "changes": in_words(done.changes)}
    return text.format_map(values)


def in_words(changes: dict) -> str:
    """Each change: what, before → after."""
    return "; ".join(
        f"{FACTS.get(fact, fact)}: {_value(fact, before)} → {_value(fact, after)}"
        for fact, (before, after) in changes.items()
    )


def _value(fact, value):
    if fact == "features":
        return ", ".join(str(FEATURES[code].name) if code in FEATURES else code for code in value) or "–"
    if fact == "plan":
        return str(Company.Plan(value).label) if value in Company.Plan.values else value
    if fact == "language":
        return dict(settings.LANGUAGES).get(value, value)
    return str(value or "–")


tells("open", gettext_lazy("{by} opened the company."), concerns_company=True)
tells("sign_up", gettext_lazy("The company was opened from the sign-up page."), concerns_company=True)
tells("change_facts", gettext_lazy("{by} changed the company: {changes}."), concerns_company=True)
tells("change_plan", gettext_lazy("{by} changed plan and features: {changes}."), concerns_company=True)
tells("add_domain", gettext_lazy("{by} added an address: {changes}."), concerns_company=True)
tells("remove_domain", gettext_lazy("{by} removed an address: {changes}."), concerns_company=True)
tells("make_primary", gettext_lazy("{by} made another address the primary one: {changes}."), concerns_company=True)
tells("suspend", gettext_lazy("{by} suspended the company: {reason}"), concerns_company=True)
tells("resume", gettext_lazy("{by} opened the company again."), concerns_company=True)
tells("retry", gettext_lazy("{by} had what was parked tried again."))
