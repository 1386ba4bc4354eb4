"""Somebody leaves with a leased, an external, a one-off, an in-repair and an ordered device: each settled or listed."""

import re

import pytest

pytestmark = pytest.mark.browser

LEAVER, EMAIL = "Olof Virtanen", "olof.virtanen@nordvik.example"
OWN, LEASED, EXTERNAL, BROKEN = "D-00083", "D-00084", "D-00192", "D-00194"


class Desk:
    """An admin at the browser, in English."""

    def __init__(self, someone, demo):
        self.someone, self.page, self.demo = someone, someone.page, demo

    def press(self, text):
        """The button or link whose name begins so."""
        name = re.compile("^" + re.escape(text).replace(":", r"\s*:"))  # what only readers hear begins with a colon
        self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name)).first.click()
        self.page.wait_for_load_state()

    def device(self, number):
        """The device as it is now."""
        return self.demo.json("device", "--company", "nordvik", number, "--json")

    def give(self, ref):
        """Assign a device to who leaves."""
        self.someone.go(f"/devices/{ref}/assign/")
        self.page.locator("#q").fill(LEAVER)
        self.page.locator("#q").press("Enter")
        self.page.wait_for_load_state()
        self.page.get_by_label(LEAVER).first.check()
        self.press("Assign")

    def text(self):
        """What the page says."""
        return self.page.locator("main").inner_text()


def test_each_device_is_settled_or_listed(demo, visitor):
    desk = Desk(visitor("nordvik"), demo)
    desk.someone.sign_in("nils.wikstrom@nordvik.example")

    # Five kinds of device: two are theirs, an external one and one to be broken are given to them, one is on order
    for number in (EXTERNAL, BROKEN):
        desk.give(desk.device(number)["ref"])
    desk.someone.go("/hardware/?view=orders")
    ordered = desk.page.locator("tbody th a[href^='/devices/']").first.get_attribute("href").split("/")[2]
    desk.give(ordered)
    broken = desk.device(BROKEN)["ref"]
    desk.someone.go(f"/devices/{broken}/?tab=support")
    desk.page.locator("input[name=needs_repair]").check()
    desk.page.locator("textarea[name=fault]").fill("The screen is cracked.")
    desk.press("Save")
    desk.press("Move to “In repair”")
    desk.press("Move to “In repair”")

    # The list leads to them; each stands there, the one in repair as settled
    desk.someone.go("/")
    desk.press("Leavers with devices not settled")
    desk.someone.look("leavers")
    desk.press(LEAVER)
    page = desk.text()
    assert page.count("Nothing is decided yet.") == 3
    assert "In repair: it goes back to the company, to nobody's desk." in page
    desk.someone.look("leaver")
    address = desk.page.url

    # The leaver says on one page that they hand in their own phone; looking changed nothing
    leaver = Desk(visitor("nordvik", size="narrow", theme="dark", language="en"), demo)
    leaver.someone.sign_in(EMAIL)
    leaver.someone.go("/you/leaving/")
    assert leaver.text().count("Hand it in") >= 3
    leaver.someone.look("own-leaving")
    name = leaver.device(OWN)["name"]
    leaver.press(f"I hand it in: {name}")
    assert "You hand it in by 8 January 2027" in leaver.text()

    # Handed in, given on, cancelled; the external one stays open and stands in the list
    for number in (OWN, LEASED):
        desk.page.goto(address)
        desk.press(f"Mark as handed in: {desk.device(number)['name']}")
    desk.page.goto(address)
    desk.page.goto(f"{desk.page.url.split('/people/')[0]}/devices/{ordered}/assign/")
    desk.page.locator("#q").fill("Karin Ström")
    desk.page.locator("#q").press("Enter")
    desk.page.wait_for_load_state()
    desk.page.get_by_label("Karin Ström").first.check()
    desk.press("Assign")
    desk.page.goto(address)
    page = desk.text()
    assert page.count("Handed in: nobody has it.") == 2
    assert "Karin Ström has it now." in page
    assert page.count("Nothing is decided yet.") == 1
    desk.someone.look("leaver-half-settled")
