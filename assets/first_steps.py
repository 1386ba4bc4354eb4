"""From an empty company to its first fleet: four steps, each done when the facts say so, never because of a click."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.models import AssetSettings, Device, Partner
from velory import clock
from velory.journal.deeds import write
from velory.journal.models import Entry
from velory.journal.sentences import says
from velory.people.models import Person
from velory.post.models import MailSettings
from velory.tenancy.context import current_company
from velory.ui.leading import Back, leads_back

NEW = timedelta(days=60)  # a company that has devices and has been here for so long is not led any more
CLOSED = "close_first_steps"
LED_TO = (  # the views that a step leads to, and what lies behind them: from there something leads back
    "post:identity", "post:planned", "post:settings", "post:texts", "assets:settings", "assets:partners",
    "assets:add_partner", "assets:edit_partner", "importing:", "people:people", "people:add", "people:person",
)  # fmt: skip

says("assets.assetsettings", CLOSED, gettext_lazy("{by} took the first steps off the overview."))


@dataclass(frozen=True)
class Step:
    """One of the four: what is to be done and why, where, and whether it is done; besides, one more way."""

    code: str
    title: str
    text: str
    is_done: bool
    button: str
    url: str
    more: str = ""
    more_url: str = ""


@dataclass(frozen=True)
class FirstSteps:
    """The four, in order. They can be put away once there is a fleet."""

    steps: list[Step]

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(step.is_done for step in self.steps)

    @property
    def next(self) -> Step | None:
        """The first that is not done."""
        return next((step for step in self.steps if not step.is_done), None)

    @property
    def can_be_closed(self) -> bool:
        """Whether the one that matters is done."""
        return any(step.is_done for step in self.steps if step.code == "fleet")


def first_steps(company, *, has_devices: bool, at) -> FirstSteps | None:
    """The steps of a company that is new; None where it is not, or somebody has put them away."""
    if has_devices and (company.opened_at < at - NEW or _are_closed()):
        return None
    return FirstSteps([_company(), _partners(), _fleet(has_devices), _people()])


@leads_back
def to_the_first_steps(request) -> Back | None:
    """From every page that a step leads to, while the company is new and one of them is not done."""
    match, company = request.resolver_match, current_company()
    if match is None or not match.view_name.startswith(LED_TO) or company.is_operators:
        return None
    at = clock.now()
    if company.opened_at < at - NEW:
        return None
    first = first_steps(company, has_devices=Device.objects.exists(), at=at)
    if first is None or first.next is None:
        return None
    standing = _("%(done)s of %(all)s done") % {"done": first.done, "all": len(first.steps)}
    return Back(f"{reverse('assets:home')}#first-title", _("Back to the first steps"), standing)


def close(*, by, at) -> None:
    """Put the steps away; twice changes nothing."""
    with transaction.atomic():
        here = AssetSettings.objects.select_for_update().get(pk=AssetSettings.to_change().pk)
        if not _are_closed():
            write(here, CLOSED, by=by, at=at)


def _are_closed() -> bool:
    return Entry.objects.filter(about_type="assets.assetsettings", about_id=1, step=CLOSED).exists()


def _company():
    words = [
        field.name for field in MailSettings._meta.fields if field.get_internal_type() in {"CharField", "EmailField"}
    ]
    here = MailSettings.here()
    return Step(
        "company", _("Say who writes"),
        _("Letters go out in your company’s name. Say where answers go, and how the company is called in them. "
          "One of them filled in is enough."),
        any(getattr(here, name) for name in words), _("Set how the company writes"), reverse("post:identity"),
        _("All settings"), reverse("assets:settings"),
    )  # fmt: skip


def _partners():
    return Step(
        "partners", _("Name your partners"),
        _("Who delivers your devices and who leases them to you, with an address for notices. An import adds the "
          "partners that its rows name; their addresses are yours to put in. Done with the first address."),
        Partner.objects.exclude(email="").exists(), _("Add partner"), reverse("assets:add_partner"),
        _("All partners"), reverse("assets:partners"),
    )  # fmt: skip


def _fleet(has_devices):
    return Step(
        "fleet", _("Import your fleet"),
        _("People and devices come from one workbook or CSV file, a row for each. You see what it would do before"
          " anything is written, and importing it again changes nothing."),
        has_devices, _("Import a file"), reverse("importing:imports"),
        _("An example file to fill in"), reverse("importing:examples"),
    )  # fmt: skip


def _people():
    came = Person.objects.filter(Q(invited_at__isnull=False) | Q(last_login__isnull=False))
    return Step(
        "people", _("Invite people"),
        _("They sign in, see their devices and choose in time. Reminders go out by themselves; you can read them "
          "before they do."),
        came[1:2].exists(), _("Invite somebody"), f"{reverse('people:people')}?view=not-seen",
        _("Planned mail"), reverse("post:planned"),
    )  # fmt: skip
