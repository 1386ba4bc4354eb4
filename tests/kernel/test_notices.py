"""Who hears of a step hears of it once: the key follows from the entry, the template and the recipient."""

import pytest

from tests.kernel.posting import TEMPLATE, a_kind
from tests.making import a_device, a_person
from velory.post.models import Letter
from velory.post.notices import notice


@pytest.fixture(autouse=True)
def kind(monkeypatch):
    return a_kind(monkeypatch)


def test_each_recipient_hears_once_of_one_entry():
    ebba, device = a_person("Ebba"), a_device()
    entry = device.journal.last()

    @notice(TEMPLATE)
    def everybody_is_told(thing, entry):
        return [ebba, ("service@atea.example", "Atea")]

    everybody_is_told(device, entry)
    everybody_is_told(device, entry)
    assert list(Letter.objects.order_by("pk").values_list("to", "to_name")) == [
        (ebba.email, "Ebba Jensen"),
        ("service@atea.example", "Atea"),
    ]
    assert Letter.objects.first().context == {"entry": entry.pk, "about": device.ref}
