"""The numbers by which a device is known: no two devices have the same."""

from django import forms
from django.utils.translation import gettext as _

from assets.importing.cells import imei as as_imei
from assets.importing.faults import Fault
from assets.models import Device


def new_serial(serial: str, device, *, by=None):
    """A serial number that no other device has."""
    refuse_twin(serial and Device.objects.with_serial(serial), device, _("serial number"), by=by)
    return serial


def new_imei(imei: str, device, *, by=None):
    """An IMEI as a file may have it, that no other device has."""
    if not imei:
        return ""
    try:
        digits = as_imei(imei)
    except Fault as fault:
        raise forms.ValidationError(str(fault)) from None
    refuse_twin(Device.objects.with_imei(digits), device, _("IMEI"), by=by)
    return digits


def refuse_twin(others, device, what: str, *, by=None):
    """Two devices can't have the same number; which one has it is told to admins."""
    twin = others and others.exclude(pk=getattr(device, "pk", None)).first()
    if twin and by is not None and not by.is_admin:
        text = _("Another device has the same %(what)s. Compare it with the box, or ask an admin.")
        raise forms.ValidationError(text % {"what": what})
    if twin:
        raise forms.ValidationError(
            _("%(device)s, %(ref)s, has the same %(what)s.") % {"device": twin, "ref": twin.ref, "what": what}
        )
