"""Makers of the tests about returns: devices on their way back, labels, the provider's browser."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile

from renewals.models import Return
from renewals.returns.labels import put_label
from renewals.returns.notices import link_of
from tests.conftest import Browser
from tests.making import a_device, a_lessor, a_person
from tests.renewals.making import a_leased_device_at_its_final_stage, a_one_off_device_in_its_window
from velory.people.models import Location

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 288 432]>>endobj\nxref\n0 4\n0000000000 65535 f \n"
    b"0000000009 00000 n \n0000000054 00000 n \n0000000105 00000 n \ntrailer<</Size 4/Root 1 0 R>>\n"
    b"startxref\n169\n%%EOF\n"
)


def a_holder(**facts):
    """Ebba in Göteborg, where her devices are picked up."""
    place = Location.objects.get_or_create(name="Göteborg", defaults={"address": "Lilla Bommen 4\n411 04 Göteborg"})[0]
    return a_person("Ebba", "Bäckman", **{"location": place, "language": "en"} | facts)


def a_return(holder=None, **facts):
    """A leased device whose holder has decided, with its return."""
    holder = holder or a_holder()
    device = a_leased_device_at_its_final_stage(holder, **facts)
    device.choose_return(by=holder)
    return Return.objects.with_what_a_page_shows().get(device=device)


def a_return_of_its_own(holder=None, **facts):
    """A device that the company owns, whose holder has decided to return it."""
    holder = holder or a_holder()
    device = a_one_off_device_in_its_window(holder, **facts)
    device.choose_return(by=holder)
    return Return.objects.with_what_a_page_shows().get(device=device)


def a_file(content=PDF, name="label.pdf"):
    return SimpleUploadedFile(name, content, "application/pdf")


def labelled(returning, at, content=PDF):
    """The provider has uploaded its label."""
    put_label(returning, a_file(content), by=a_lessor(), role="partner", at=at.moment)
    return now(returning)


def now(returning):
    return Return.objects.with_what_a_page_shows().get(pk=returning.pk)


def the_new_device(holder, **facts):
    """A device of the same category that is registered for them today."""
    return a_device(holder, **{"name": "Apple iPhone 17 256 GB"} | facts)


def path_of(returning):
    """Where the provider's page stands."""
    return re.search(r"/partner/[\w-]+/", link_of(returning)).group()


class Provider:
    """The leasing provider at its browser: opens the page, presses its buttons."""

    def __init__(self, returning, host="nordvik.localhost"):
        self.path, self.browser = path_of(returning), Browser(HTTP_HOST=host, enforce_csrf_checks=True)

    def open(self, **headers):
        self.page = self.browser.get(self.path, **headers)
        return self.page

    def press(self, deed, **said):
        fields = dict(re.findall(r'name="(csrfmiddlewaretoken|version)" value="([^"]+)"', self.page.text))
        return self.browser.post(f"{self.path}{deed}/", fields | said)
