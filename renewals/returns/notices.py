"""Who hears what of a return. The words are in the templates of these names."""

import hashlib
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from renewals.models import Return
from renewals.notices import LIFE_OF_A_LINK as LIFE_OF_A_PERSONS_LINK
from renewals.notices import PURPOSE as OF_THE_DEVICE
from renewals.notices import binding_of as holding_of
from renewals.returns.promise import promised_by
from velory import clock
from velory.journal.reason import Reason
from velory.people.models import Person
from velory.post.letters import Attachment, call_off, letter, write_letter
from velory.post.links import link_for
from velory.post.models import Letter
from velory.tenancy.context import current_company

PURPOSE = "renewals.return"
LIFE_OF_A_LINK = timedelta(days=180)
WAS_CALLED_OFF, A_NEWER_ONE = gettext_noop("The return was called off."), gettext_noop("A newer return label has come.")
MOST_ATTACHED = 6 * 1024 * 1024  # with its encoding about 8 MB: what every mail provider takes

CHOSEN, REMINDER, CALLED_OFF, LABEL, TIME = (
    f"renewals/{name}"
    for name in ("return_chosen", "return_reminder", "return_called_off", "return_label", "time_to_return")
)

# When a letter no longer holds good


def _returning(letter):
    return Return.objects.with_what_a_page_shows().get(ref=letter.context["return"])


def still_under_way(letter, at):
    """The device is still to come back, and goes to the one who is written to."""
    returning = _returning(letter)
    if not returning.is_under_way:
        return Reason("over", _("The return is finished or was called off."))
    if letter.person is None and not _is_at(returning.provider, letter.to):
        return Reason("somebody_else", _("The device goes back to somebody else, or they have another address now."))
    return None


def label_still_holds(letter, at):
    """And no newer label has come."""
    if reason := still_under_way(letter, at):
        return reason
    if _returning(letter).label.name != letter.context["label"]:
        return Reason("replaced", _("A newer return label has come."))
    return None


def _is_at(provider, address):
    return provider is not None and provider.email.lower() == address.lower()


# To the leasing provider


@letter(CHOSEN, check=still_under_way, label=gettext_lazy("Return chosen, to the leasing provider"))
@letter(REMINDER, check=still_under_way, label=gettext_lazy("Return label missing, to the leasing provider"))
def what_the_provider_is_told(letter):
    """The device with its contract, who has it where, and the provider's own page."""
    returning = _returning(letter)
    return _facts(returning) | {"url": link_of(returning), "promised_by": promised_by(returning.chosen_at)}


@letter(CALLED_OFF, label=gettext_lazy("Return called off, to the leasing provider"))
def what_is_called_off(letter):
    """The device; its holder is not named any more."""
    return _facts(_returning(letter))


def _facts(returning):
    device = returning.device
    return {
        "returning": returning, "device": device, "contract": getattr(device, "contract", None),
        "holder": device.holder, "place": place_of(device), "at_once": returning.waits_for_nothing,
    }  # fmt: skip


def place_of(device):
    """The location of whoever has it: where it is picked up."""
    return device.whose.location if device.whose else None


def link_of(returning) -> str:
    """The provider's own page of a return."""
    return link_for(
        PURPOSE, returning, returning.provider.email, binding=binding_of(returning),
        expires_at=clock.now() + LIFE_OF_A_LINK,
    )  # fmt: skip


def binding_of(returning) -> str:
    """What the provider's link holds good for: this return, to this provider."""
    return f"{returning.ref}/{returning.provider.ref}"


def provider_is_told(returning, *, at) -> bool:
    """The holder has decided: the label can be made. False where nobody can be told; that stands in the to-dos."""
    if returning.provider is None:
        return False
    return _write_to_provider(CHOSEN, returning, f"{CHOSEN}/{returning.ref}/{_address_key(returning.provider)}", at)


def provider_is_reminded(returning, *, at) -> bool:
    """The label is missing: once a day at most."""
    return _write_to_provider(REMINDER, returning, f"{REMINDER}/{returning.ref}/{clock.local_date(at)}", at)


def provider_is_told_otherwise(returning, provider, *, at) -> None:
    """It does not come back, or not to them; if the first letter has not gone yet, neither goes."""
    unsent = Letter.objects.filter(template=CHOSEN, context__return=returning.ref, to__iexact=provider.email)
    if provider.email and not call_off(unsent, WAS_CALLED_OFF):
        key = f"{CALLED_OFF}/{returning.ref}/{provider.ref}"
        _write_to(provider, CALLED_OFF, returning, key, at)


def _write_to_provider(template, returning, key, at):
    if returning.provider is None or not returning.provider.email:
        return False
    return _write_to(returning.provider, template, returning, key, at) is not None


def _write_to(provider, template, returning, key, at):
    return write_letter(
        template, key=key, to=provider.email, to_name=provider.name, language=provider.language, at=at,
        context={"return": returning.ref},
    )  # fmt: skip


def _address_key(provider):
    return hashlib.sha256(f"{provider.ref} {provider.email.lower()}".encode()).hexdigest()[:12]


# To the holder, or to the admins where there is nobody to write to


def the_label(letter):
    """The file itself, unless it is so large that mail servers refuse it."""
    from renewals.returns.labels import file_name

    returning = _returning(letter)
    if not _fits(returning):
        return []
    return [Attachment(file_name(returning), "application/pdf", returning.label)]


def _fits(returning):
    return bool(returning.label) and returning.label.size <= MOST_ATTACHED


@letter(LABEL, check=label_still_holds, attaches=the_label, label=gettext_lazy("Return label"))
@letter(TIME, check=still_under_way, attaches=the_label, label=gettext_lazy("Time to return"))
def what_the_holder_is_told(letter):
    """The device, where the label is, and the page on which everything stands."""
    returning = _returning(letter)
    is_holder = letter.person is not None and letter.person == returning.device.holder
    return _facts(returning) | {
        "is_holder": is_holder, "attached": _fits(returning), "provider": returning.provider,
        "url": _own_link(returning.device, letter) if is_holder else _page_of(returning.device),
    }  # fmt: skip


def _own_link(device, letter):
    return link_for(
        OF_THE_DEVICE, device, letter.person, binding=holding_of(device, letter.person) or "",
        expires_at=clock.now() + LIFE_OF_A_PERSONS_LINK,
    )  # fmt: skip


def _page_of(device):
    return current_company().address(f"{device.get_absolute_url()}?tab=lifecycle")


def holder_gets_the_label(returning, *, at) -> None:
    """At once; a letter with an earlier label that has not gone yet is called off."""
    call_off(Letter.objects.filter(template=LABEL, context__return=returning.ref), A_NEWER_ONE)
    label = returning.label.name
    _write_to_holder(LABEL, returning, f"{LABEL}/{returning.ref}/{label[-36:-4]}", at, label=label)


def holder_is_told_to_return(returning, *, at) -> None:
    """The replacement is here, or an admin says so: once."""
    _write_to_holder(TIME, returning, f"{TIME}/{returning.ref}", at)


def _write_to_holder(template, returning, key, at, **context):
    for person in people_for(returning.device, at=at):
        write_letter(
            template, key=f"{key}/{person.ref}", person=person, at=at, context={"return": returning.ref} | context
        )


def people_for(device, *, at) -> list[Person]:
    """Its holder; the admins where it is in a space, or its holder can't be written to (spec 2)."""
    today = clock.local_date(at)
    if device.holder_id and device.holder.email and device.holder.works_on(today):
        return [device.holder]
    return list(Person.objects.admins_to_write_to(today))
