"""What follows from a step, said above its button. Apps above add theirs."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

_told: dict[str, list[Callable]] = {}


def consequence(*names: str):
    """Register what follows from a step: `tell(device, person, *, today)` gives (icon, sentence) pairs."""

    def register(tell):
        for name in names:
            _told.setdefault(name, []).append(tell)
        return tell

    return register


def consequences(name: str, device, person, *, today) -> list[dict]:
    """Everything that follows from a step, in order."""
    told: Iterable[tuple[str, str]] = (
        line for tell in _told.get(name, []) for line in tell(device, person, today=today)
    )
    return [{"icon": icon, "text": text} for icon, text in told]


@consequence("confirm_return")
def it_has_left_its_holder(device, person, *, today):
    """From a distributor outside the store it may have been bought; anything else has come back."""
    if device.may_be_bought_from_distributor:
        left = _("It has left its holder: sent back, or bought from the distributor. Both are confirmed here.")
    elif device.is_leased:
        left = _("It has come back to %s.") % (device.open_contract.provider or _("the leasing provider"))
    else:
        left = _("Its holder has handed it in.")
    return [
        ("undo-2", left),
        (
            "shield-alert",
            _("The next step is to take it out of MDM and other company systems and mark it as released."),
        ),
    ]


@consequence("release", "release_bought")
def no_company_system_knows_it(device, person, *, today):
    """The confirmation names MDM and the other systems (spec 2)."""
    return [
        ("shield-check", _("Take it out of MDM (device management) first, and turn its activation lock off.")),
        (
            "key-round",
            _("Take it out of the other company systems too: accounts, licences, network, insurance, register."),
        ),
        (
            "archive",
            _("Then it leaves the holder's hardware and the company's lists. Its whole log stays in the archive."),
        ),
    ]


@consequence("remove", "recycle")
def it_goes_to_the_archive(device, person, *, today):
    """Nobody has it any more."""
    lines = [("archive", _("It goes to the archive with its whole log. An admin can restore it."))]
    if device.holder_id:
        lines.insert(0, ("user", _("%s is no longer its holder.") % device.holder))
    return lines


@consequence("restore")
def it_comes_back_to_nobody(device, person, *, today):
    """From the archive into the house."""
    return [("circle-check", _("It is active again, with neither holder nor payor. Assign it next."))]


@consequence("unassign")
def the_last_holder_is_remembered(device, person, *, today):
    """Back on the shelf."""
    if device.whose is None:
        return [("circle-alert", _("It is unassigned already."))]
    return [
        ("user", _("%s no longer has it. That they had it stays in its history.") % device.whose),
        ("triangle-alert", _("It stands under Unassigned until it is given to someone.")),
    ]


@consequence("receive")
def it_is_put_in_use(device, person, *, today):
    """Received, with somebody: in use."""
    return [("package-check", _("It is here. From now on it stands under your hardware."))] if device.whose else []


@consequence("withdraw_renewal")
def the_stage_opens_again(device, person, *, today):
    """Started by mistake."""
    return [("refresh-cw", _("It is active again, and the distributor is told that the process is cancelled."))]
