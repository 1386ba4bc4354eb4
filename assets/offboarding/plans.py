"""Saying what is to become of a device of somebody who leaves: an admin for the company, or they themselves."""

from django.db import transaction
from django.utils.translation import gettext as _

from assets.models import Device, Offboarding, OffboardingSettings, Plan
from assets.offboarding.models import SOON
from assets.offboarding.roster import roster_of, ways_of
from velory import clock
from velory.journal.reason import Reason, Refused
from velory.journal.sentences import says
from velory.people.journal import PERSON, note_change
from velory.people.models import Person


def as_it_was_said(details):
    """The sentence of an entry, by what was planned."""
    return {
        Plan.Way.BUY_OUT: _("{by} said that {device} is to be bought out."),
        Plan.Way.RETURN: _("{by} said that {device} is to be returned."),
        Plan.Way.STAYS: _("{by} said that {device} stays with the company."),
    }.get(details.get("way", ""), _("{by} left it to {thing} what becomes of {device}."))


says(PERSON, "planned_device", as_it_was_said)


def say(offboarding, device, way: str, *, by, at, price=None, early_return: bool = False) -> Plan:
    """What is to become of a device from now on. Raises Refused.

    An admin decides, or leaves it to them (an empty way); `price` and `early_return` offer what has no open window
    yet. They themselves may say what is open to them and what no admin has decided.
    """
    with transaction.atomic():
        person = Person.objects.get(pk=offboarding.person_id)
        person.take_hold()
        offboarding = _under_way(person)
        item = roster_of(offboarding, at=at).of(device.ref)
        if item is None or not item.in_use:
            raise Refused(Reason("not_in_use", _("Nothing can be planned for it now: it is settled, or under way.")))
        if way not in {"", *Plan.Way.values}:
            raise _no_way()
        if by.pk != person.pk or by.is_admin:
            _admin_may(by)
        else:
            _leaver_may(item, way, at)
        if price is not None:
            Device.objects.get(pk=device.pk).edit(by=by, at=at, facts={"buyout_price": price})
        plan = item.plan or Plan(offboarding=offboarding, device=device)
        plan.way, plan.by_admin, plan.by_name, plan.said_at = way, by.is_admin, str(by)[:200], at
        if by.is_admin:
            plan.early_buyout = price is not None or (plan.early_buyout and way in {"", Plan.Way.BUY_OUT})
            plan.early_return = early_return
        plan.save()
        note_change(person, "planned_device", by=by, at=at, device=str(device), way=way)
    return plan


def _under_way(person):
    row = Offboarding.objects.under_way().of(person).first()
    if row is None:
        raise Refused(Reason("not_leaving", _("%s does not leave any more.") % person))
    return row


def _admin_may(by):
    if not by.is_admin:
        raise Refused(Reason("not_yours", _("This is for an admin to decide.")))


def _leaver_may(item, way, at):
    if not OffboardingSettings.here().leaver_chooses:
        raise Refused(Reason("admin_decides", _("In your company an admin decides this."), who=_("an admin")))
    if item.decided_by_admin:
        text = _("%s has decided this for the company.") % item.plan.by_name
        raise Refused(Reason("decided", text, who=_("an admin")))
    found = next((each for each in ways_of(item, by=item.person, at=at) if each.way == way), None)
    if found is None or found.shut:
        raise Refused(found.shut) if found and found.shut else _no_way()


def _no_way() -> Refused:
    return Refused(Reason("no_way", _("That can't be chosen for it.")))


def hand_in(offboarding, device, *, by, at, version=None) -> None:
    """An admin has it: nobody's from now on, and what it was planned for stands in the journal. Raises Refused."""
    with transaction.atomic():
        held = Device.objects.select_for_update(of=("self",)).get(pk=device.pk)
        if held.holder_id != offboarding.person_id:
            raise Refused(Reason("not_theirs", _("%s does not have it any more.") % offboarding.person))
        held.unassign(by=by, at=at, version=version)


def offered_early(device, way: str) -> bool:
    """Whether an admin offers a leaver something for which the time has not come yet."""
    if device.holder_id is None or (device.holder.last_day_on is None and device.holder.is_active):
        return False
    field = {Plan.Way.BUY_OUT: "early_buyout", Plan.Way.RETURN: "early_return"}[Plan.Way(way)]
    return Plan.objects.of(device).filter(**{field: True}).exists()


def leaves_soon(person, *, today) -> bool:
    """Whether somebody has left, or does within two months: nothing new is begun for them then."""
    return not person.works_on(today) or (person.last_day_on is not None and person.last_day_on <= today + SOON)


def leaves_soon_at(person, at) -> bool:
    """The same at a moment."""
    return leaves_soon(person, today=clock.local_date(at))
