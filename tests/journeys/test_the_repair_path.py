"""The repair seed, sentence by sentence: from the switch on the holder's page to a closed case (spec 4).

A holder reports a fault; an admin finds the device under Needs repair, takes it in, and ends the repair with each of
the four outcomes. The log's sentences stand as the seed has them.
"""

import io
import re

import pytest
from django.utils import translation
from django.utils.translation import gettext
from PIL import Image

pytestmark = pytest.mark.browser

CASES = [
    pytest.param(
        {"size": "wide", "theme": "light", "language": "en"}, "nils.wikstrom@nordvik.example", "Nils Wikström",
        ("per.chen@nordvik.example", "D-00265"), ("D-00295", "Mikael Gustafsson"), "D-00398", "D-00410",
        id="in English, wide, light",
    ),
    pytest.param(
        {"size": "narrow", "theme": "dark", "language": "sv"}, "orjan.jensen@nordvik.example", "Örjan Jensen",
        ("lars.olsson@nordvik.example", "D-00369"), ("D-00305", "Anna Sharma"), "D-00332", "D-00342",
        id="in Swedish, narrow, dark",
    ),
]  # fmt: skip


def words(language, text):
    """A text of the product in a language."""
    with translation.override(language):
        return gettext(text)


class Desk:
    """One admin at the browser, in a language."""

    def __init__(self, someone, demo):
        self.someone, self.page, self.demo, self.language = someone, someone.page, demo, someone.language

    def press(self, text, **found):
        """The button or link of that name."""
        name = re.compile(f"^{re.escape(words(self.language, text) % found)}")
        at = self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name))
        at.first.click()
        self.page.wait_for_load_state()

    def says(self, text):
        """Whether the page's main part holds a text of the product."""
        return words(self.language, text) in self.page.locator("main").inner_text()

    def device(self, number):
        """The device as it is now."""
        return self.demo.json("device", "--company", "nordvik", number, "--json")

    def at_device(self, number, tab=""):
        """Its page."""
        self.someone.go(f"/devices/{self.device(number)['ref']}/" + (f"?tab={tab}" if tab else ""))

    def report(self, number, fault):
        """An admin reports a fault that somebody told them of."""
        self.at_device(number, "support")
        self.page.locator("input[name=needs_repair]").check()
        self.page.locator("textarea[name=fault]").fill(fault)
        self.press("Save")

    def take_in(self, number):
        """From Needs repair, through the confirmation."""
        self.at_device(number, "support")
        self.press("Move to “In repair”")
        self.press("Move to “In repair”")
        assert self.device(number)["status"] == "in_repair"

    def log(self, number):
        """The English sentences of its journal."""
        return [entry["sentence"] for entry in self.device(number)["journal"]]


@pytest.mark.parametrize(("look", "admin", "name", "own", "other", "worn_out", "replaced"), CASES)
def test_from_the_switch_to_the_outcome(demo, visitor, look, admin, name, own, other, worn_out, replaced):
    # Any user can initiate a repair request directly from their device page
    email, number = own
    holder = Desk(visitor(**look), demo)
    holder.someone.sign_in(email)
    before = holder.device(number)
    holder.at_device(number, "support")
    assert holder.says("Device in need of repair?")
    assert holder.says("Back up your device before you leave it with your IT department.")
    holder.someone.look("repair-switch")
    holder.page.locator("input[name=needs_repair]").check()
    holder.page.locator("textarea[name=fault]").fill("It gets hot and turns itself off.")
    holder.page.locator("input[name=photos]").set_input_files(
        {"name": "hot.png", "mimeType": "image/png", "buffer": a_picture()}
    )
    holder.press("Save")
    assert holder.device(number)["status"] == "needs_repair"
    holder.someone.look("repair-reported")

    # Go to Asset management → Hardware → Needs repair, click the device name, Support tab
    desk = Desk(visitor(**look), demo)
    desk.someone.sign_in(admin)
    desk.someone.go("/hardware/?view=needs_repair")
    assert before["name"] in desk.page.locator("main").inner_text()
    desk.at_device(number, "support")
    desk.someone.look("repair-case")
    desk.press("Move to “In repair”")
    assert desk.says(
        "Release it from any MDM (device management) before you send it for repair. It becomes a to-do that "
        "is ticked off with a name and a time."
    )
    desk.someone.look("repair-confirmation")
    desk.press("Move to “In repair”")
    taken_in = desk.device(number)
    assert (taken_in["status"], taken_in["holder"], taken_in["payor"]) == ("in_repair", None, "")
    desk.someone.go("/hardware/?view=in_repair")
    assert before["name"] in desk.page.locator("main").inner_text()

    # In device details, under overview: Repaired → Assign to previous user
    desk.at_device(number)
    desk.someone.look("repair-outcomes")
    desk.press("MDM is released")
    desk.at_device(number)
    desk.press("Repaired: back to %(whose)s", whose=before["holder"]["name"])
    back = desk.device(number)
    assert (back["status"], back["holder"], back["payor"]) == ("active", before["holder"], before["payor"])
    assert f"{name} assigned repaired device to {before['holder']['name']}." in desk.log(number)

    # Repaired → Assign to different user/space; the admin sets the payor
    number, to = other
    desk.report(number, "Dead pixels")
    desk.take_in(number)
    desk.at_device(number)
    desk.press("Repaired: give it to somebody else")
    desk.page.locator("#q").fill(to)
    desk.page.locator("#q").press("Enter")
    desk.page.get_by_label(to).first.check()
    desk.page.locator("input[name=payor][value=company]").check()
    desk.someone.look("repair-hand-on")
    desk.press("Assign repaired device")
    assert (desk.device(number)["holder"]["name"], desk.device(number)["payor"]) == (to, "company")
    assert f"{name} assigned repaired device to {to}." in desk.log(number)

    # Recycled: Support tab → Remove device
    desk.report(worn_out, "Fell into the sea")
    desk.take_in(worn_out)
    desk.at_device(worn_out, "support")
    desk.press("Remove device")
    desk.page.locator("textarea[name=why]").fill("Not repairable")
    desk.press("Remove device")
    assert desk.device(worn_out)["status"] == "recycled"
    assert f"{name} removed device from Velory." in desk.log(worn_out)

    # Replaced: the new device is registered in the same step
    desk.report(replaced, "Does not start")
    desk.take_in(replaced)
    desk.at_device(replaced)
    desk.press("Replace it")
    desk.page.locator("textarea[name=why]").fill("Too old")
    desk.page.locator("input[name=name]").fill("Fairphone 5 256 GB")
    desk.page.locator("input[name=serial]").fill(f"NEW-{replaced}")
    desk.someone.look("repair-replace")
    desk.press("Replace and remove the old one")
    assert desk.device(f"NEW-{replaced}")["status"] == "active"
    assert desk.device(replaced)["status"] == "recycled"

    # Clear records: repaired, recycled, replaced
    desk.someone.go("/repairs/?state=closed")
    for outcome in ("Repaired", "Recycled", "Replaced"):
        assert desk.says(outcome)
    desk.someone.look("repair-cases")
    desk.someone.go("/repairs/figures/")
    desk.someone.look("repair-figures")


def a_picture():
    """The bytes of a photo."""
    out = io.BytesIO()
    Image.new("RGB", (300, 200), (120, 60, 30)).save(out, "PNG")
    return out.getvalue()
