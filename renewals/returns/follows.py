"""What follows a device's steps for its return, in the same transaction; the sentences of what happens to a return."""

from django.utils.translation import gettext_lazy as _

from assets.models import Device, Partner
from assets.offboarding.plans import leaves_soon_at
from renewals.returns import closing, opening, replacement
from velory.journal.sentences import says
from velory.journal.steps import follows

says("assets.device", "put_label", _("{by} uploaded the return label."))
says("assets.device", "replace_label", _("{by} uploaded another return label."))
says("assets.device", "remind_provider", _("{by} reminded {provider} of the return label."))
says("assets.device", "ask_back", _("{by} told {holder} that it is time to return it."))
says("assets.device", "time_to_return", _("Its holder is told that it is time to return it. {replacement}"))
says("assets.device", "close_contract", _("The leasing contract {number} was closed on {closed_on}."))


@follows(Device, "choose_return")
def the_return_is_opened(devices, *, name, at):
    """The leasing provider is told at once."""
    for device in devices:
        returning = opening.open_return(device, at=at)
        nobodys = not (device.holder_id or device.space_id)
        if nobodys or (device.holder is not None and leaves_soon_at(device.holder, at)):
            replacement.begin(returning, at=at)  # nothing new comes to nobody, nor to somebody who leaves


@follows(Device, "edit", "import")
def the_return_keeps_to_the_contract(devices, *, name, at):
    """The leasing provider was corrected."""
    opening.keep_to_the_contract(devices, at=at)


@follows(Partner, "*")
def the_return_keeps_to_the_address(partners, *, name, at):
    """A leasing provider can be written to now."""
    opening.keep_to_the_address(partners, at=at)


@follows(Device, "put_in_use", "assign", "register", "import", "finish_repair")
def the_replacement_has_come(devices, *, name, at):
    """Whatever way it came to its holder."""
    replacement.look_for_replacements(devices, at=at)


@follows(Device, "confirm_return")
def the_device_is_back(devices, *, name, at):
    """At the provider, or at the company."""
    closing.note_receipt(devices, at=at)


@follows(Device, "release", "release_bought")
def the_lease_is_over(devices, *, name, at):
    """Closed with its date, in the transaction of the release."""
    closing.close_contracts(devices, at=at)


@follows(Device, "release", "remove", "complete_trade_in")
def the_return_is_closed(devices, *, name, at):
    """Released, or removed by an admin: the provider is told where it still expects the device."""
    closing.close(devices, at=at)
