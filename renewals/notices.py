"""Who hears what about a renewal. The words are in the templates of these names."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.models import Device
from renewals.asks import ask_about
from renewals.choices.letters import preference_in_words, told
from renewals.choices.options import options_for
from renewals.models import Reminder
from renewals.paths import Path
from renewals.planner import owed
from renewals.stages import CALLED, Stage, opens_on
from velory import clock
from velory.journal.reason import Reason
from velory.people.models import Person
from velory.post.letters import call_off, letter, write_letter
from velory.post.links import link_for
from velory.post.models import Letter
from velory.tenancy.context import current_company

PURPOSE = "renewals.device"
LIFE_OF_A_LINK = timedelta(days=180)
STARTED, WITHDRAWN = "renewals/started_to_distributor", "renewals/withdrawn_to_distributor"

# To holders and admins: what is due


def still_owed(letter, at):
    """Whether something that the letter tells still holds good; asked just before it goes."""
    own, told = _reminders(letter, at)
    if own or told:
        return None
    return Reason("nothing_left", _("What it says is no longer so: the device, its date or its holder has changed."))


def what_is_due(letter):
    """Each device with its own stage, consequence and button; the admins' with why they are told."""
    own, told = _reminders(letter, letter.written_at)
    at = letter.written_at
    entries = [_entry(row, at, _link(row, letter)) | _choices(row, at) for row in own]
    others = [_entry(row, at, current_company().address(row.device.get_absolute_url())) for row in told]
    return {"entries": entries, "told": others, "entry": entries[0] if entries else None}


def _reminders(letter, at):
    """The letter's reminders that hold good at a moment: the recipient's own, and those told to them as an admin."""
    today, company = clock.local_date(at), current_company()
    pks = [*letter.context.get("reminders", []), *letter.context.get("told", [])]
    rows = Reminder.objects.named(pks).with_what_a_letter_needs().order_by("renewal_on", "pk")
    good = [row for row in rows if _is_owed(owed(row.device, company, today=today).get(row.key))]
    return [row for row in good if not row.is_for_admins], [row for row in good if row.is_for_admins]


def _is_owed(its):
    return its is not None and its.state == Reminder.State.PLANNED


def _entry(row, at, url):
    device, today = row.device, clock.local_date(at)
    return {
        "device": device,
        "stage": row.stage,
        "ask": ask_about(device, row.renewal_on, Stage(row.stage), today),
        "renewal_on": row.renewal_on,
        "final_on": _final_on(row),
        "why": row.why_admins,
        "whose": device.whose,
        "url": url,
    }


def _final_on(row):
    return opens_on(row.renewal_on, Stage.LEASED_1_MONTH)


def _choices(row, at):
    """What its holder can choose; the external path has nothing to choose from."""
    if row.path == Path.EXTERNAL:
        return {}
    options = options_for(row.device, by=row.person, at=at)
    return {
        "options": options, "choices": told(options), "preliminary": preference_in_words(options),
        "without_answer": options.without_answer,
    }  # fmt: skip


def _link(row, letter):
    return link_for(
        PURPOSE, row.device, row.person, binding=binding_of(row.device, row.person) or "",
        expires_at=letter.written_at + LIFE_OF_A_LINK,
    )  # fmt: skip


def binding_of(device, person) -> str | None:
    """What a link about a device holds good for: as long as this person has it, this time."""
    holding = device.holdings.filter(person=person, until_at=None).first() if person else None
    return str(holding.pk) if holding else None


for _stage in Stage:
    letter(f"renewals/{_stage.value}", check=still_owed, label=CALLED[_stage])(what_is_due)
letter("renewals/several", check=still_owed, label=gettext_lazy("Renewals of several devices"))(what_is_due)


# To the distributor of an external device


@letter(STARTED, label=gettext_lazy("Renewal started, to the distributor"))
@letter(WITHDRAWN, label=gettext_lazy("Renewal cancelled, to the distributor"))
def whose_renewal(letter):
    """The device, and how its holder is reached."""
    return {
        "device": Device.objects.select_related("distributor", "space").get(ref=letter.context["device"]),
        "holder": Person.objects.filter(ref=letter.context.get("holder")).first(),
    }


def distributor_is_told(device, *, at) -> None:
    """The process was started: the distributor writes to the holder soon (seed: external renewal)."""
    _write_to_distributor(STARTED, device, at)


def distributor_hears_late(device, *, at) -> None:
    """The process was started while nobody could be told: the distributor has an address now, or is another one."""
    started = device.journal.of_steps(["start_renewal"]).last()
    partner = device.distributor
    if started is None or partner is None or partner.integrated or not partner.email:
        return
    told = Letter.objects.filter(template=STARTED, context__device=device.ref, written_at__gte=started.at)
    if not told.filter(to__iexact=partner.email).exclude(state=Letter.State.VOIDED).exists():
        call_off(told, "The distributor has another address now.")
        _write_to_distributor(STARTED, device, at, mark=f"/{told.count()}")


def distributor_is_told_otherwise(device, *, at) -> None:
    """The process was cancelled; if the first letter has not gone yet, neither goes."""
    unsent = Letter.objects.filter(template=STARTED, context__device=device.ref)
    if not call_off(unsent, "The process was cancelled."):
        _write_to_distributor(WITHDRAWN, device, at)


def _write_to_distributor(template, device, at, mark=""):
    partner = device.distributor
    if partner is None or not partner.email:
        return  # stands among the admins' to-dos
    write_letter(
        template, key=f"{template}/{device.ref}/{device.version}{mark}", to=partner.email, to_name=partner.name,
        language=partner.language, at=at,
        context={"device": device.ref, "holder": device.holder.ref if device.holder_id else ""},
    )  # fmt: skip
