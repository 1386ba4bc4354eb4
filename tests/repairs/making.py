"""Makers of what repairs owns."""

from PIL import Image

from repairs.models import Case
from repairs.photos import add_photos
from tests.making import a_device, a_person, an_admin
from velory import clock


def a_reported_device(fault="The screen is cracked", **facts):
    """A device of which its holder has reported a fault."""
    device = a_device(facts.pop("holder", None) or a_person(), **facts)
    device.report_fault(by=device.holder, fault=fault)
    return device


def a_device_in_repair(**facts):
    """One that an admin has taken in."""
    device = a_reported_device(**facts)
    device.start_repair(by=an_admin())
    return device


def the_case_of(device):
    """The latest case of a device."""
    return Case.objects.of(device).latest("pk")


def a_photo_of(case):
    """A photo that lies with a case."""
    return add_photos(case, [Image.new("RGB", (60, 80), (10, 20, 200))], at=clock.now())[0]
