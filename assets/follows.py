"""What follows a device's step on the ground floor itself, and the sentences of entries that no step writes."""

from django.utils.translation import gettext_lazy as _

from assets.lifecycle import Status
from assets.models import Device
from velory.journal.sentences import says
from velory.journal.steps import follows

says("assets.device", "register", _("{by} registered it. {to}"))
says("assets.device", "import", _("{by} imported it."))
says("assets.partner", "add", _("{by} added the partner {thing}."))
says("assets.partner", "change", _("{by} changed the partner {thing}: {changes}."))
says("assets.space", "add", _("{by} added the space {thing}."))
says("assets.space", "change", _("{by} changed the space {thing}: {changes}."))
says("assets.savedview", "keep", _("{by} saved the view {thing}."))
says("assets.savedview", "change", _("{by} changed the view {thing}."))
says("assets.savedview", "forget", _("{by} deleted the view {thing}."))
says("assets.assetsettings", "change", _("{by} changed the settings: {changes}."))
says("assets.device", "import_change", _("{by} changed it by an import."))
says("assets.device", "import_assign", _("{by} assigned it to {to} by an import."))


@follows(Device, "receive", "assign", "import")
def what_is_received_and_has_someone_is_in_use(devices, *, name, at):
    """Received, with a holder or a space: put in use in the same transaction (spec 1)."""
    for device in devices:
        if device.status == Status.RECEIVED and device.whose:
            device.put_in_use(by=None, at=at)
