"""Every to-do of an admin can be worked off without a mouse: from home to done and back, the focus always in sight."""

import pytest

from tests.journeys.keys import Keys

pytestmark = pytest.mark.browser


class Desk:
    """An admin at home, with a keyboard."""

    def __init__(self, someone):
        self.page, self.keys = someone.page, Keys(someone)

    def waiting(self):
        """What waits, by its code, and how often."""
        found = self.page.locator("[data-todo]").evaluate_all("all => all.map(a => [a.dataset.todo, a.dataset.counts])")
        return {code: int(count) for code, count in found}

    def open_list(self, code):
        """The list of a to-do, by its line on the overview."""
        self.keys.skip()
        self.keys.tab_to(lambda at: at["code"] == code)
        self.keys.press()

    def take_the_first(self):
        """The act beside the first row."""
        if not self.page.url.partition("#")[2]:
            self.keys.skip()
        act = self.keys.tab_to(lambda at: at["act"])
        self.keys.press()
        return act

    def fill_in(self, code):
        """What the act asks, if it asks anything, and the button."""
        if self.page.locator("main form .btn-primary").count() == 0:
            return
        ANSWERS.get(code, lambda desk: None)(self)
        self.press_the_button()

    def press_the_button(self):
        """The one that the page is for."""
        self.keys.tab_to(lambda at: at["tag"] == "button" and at["type"] == "submit" and at["inMain"] and at["primary"])
        self.keys.press()


def to_somebody(desk):
    desk.keys.tab_to(lambda at: at["tag"] == "input" and at["type"] in {"search", "text"} and at["inMain"])
    desk.keys.type("axel.hassan")
    desk.page.locator("#takers").get_by_text("Axel Hassan").first.wait_for()
    desk.keys.tab_to(lambda at: at["type"] == "radio" and at["inMain"])
    desk.page.keyboard.press("Space")


def by_the_company(desk):
    desk.keys.tab_to(lambda at: at["name"] == "payor")
    desk.page.keyboard.press("Space" if desk.keys.here()["type"] == "radio" else "ArrowDown")


def an_accessory(desk):
    desk.keys.tab_to(lambda at: at["name"] == "category")
    desk.page.keyboard.press("End")


def on_a_day(desk):
    desk.keys.tab_to(lambda at: at["name"] == "renewal_on")
    desk.page.keyboard.type("11112027")  # the same day, whichever of day and month the browser asks first


def in_the_holders_stead(desk):
    if desk.page.locator("input[name=choice]").count() == 0:
        return  # an external one is started, and nothing more is asked
    desk.keys.tab_to(lambda at: at["name"] == "choice")
    desk.page.keyboard.press("Space")
    desk.press_the_button()
    desk.keys.tab_to(lambda at: at["name"] == "understood")
    desk.page.keyboard.press("Space")


ANSWERS = {
    "overdue": in_the_holders_stead, "unassigned": to_somebody, "payor_missing": by_the_company,
    "renewal_date_missing": on_a_day, "proposed_devices": an_accessory,
}  # fmt: skip


def test_every_to_do_is_worked_off_without_a_mouse(visitor):
    someone = visitor("saimaa").sign_in("axel.hassan@saimaa.example")  # nobody else needs what waits there
    desk = Desk(someone)
    assert {"overdue", "unassigned", "needs_repair"} <= set(desk.waiting())
    done = set()
    while left := [code for code in desk.waiting() if code not in done]:  # what one leads to is worked off too
        code, before = left[0], desk.waiting()[left[0]]
        desk.open_list(code)
        desk.take_the_first()
        desk.fill_in(code)
        desk.keys.home()
        assert desk.waiting().get(code, 0) == before - 1, code
        done.add(code)
    assert {"confirm_return", "release"} <= done
    assert someone.troubles == []
