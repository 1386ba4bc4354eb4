"""Twenty screens by which one sees how the product looks: both themes, both widths, side by side in an index.html.

Only `make screenshots` runs this (its name is no test's): test_every_page.py asks more of these pages each time.
"""

import os
from html import escape
from pathlib import Path

import pytest

from tests.journeys.test_the_handbook import (
    DELIVERED,
    EXTERNAL,
    ONE_MONTH,
    WITHOUT_A_PHONE,
    go_to_first,
    letter_with_link,
)

pytestmark = pytest.mark.browser
ADMIN, OPERATOR = "nils.wikstrom@nordvik.example", "operator@velory.example"
FOLDER = Path(os.environ.get("VELORY_SCREENSHOTS", "screenshots"))
LOOKS = [(size, theme) for size in ("wide", "narrow") for theme in ("light", "dark")]
DEVICE, REQUEST, ORDER = r"/devices/D-\w+/", r"/requests/Q-\w+/", r"/orders/VO-\w+/"


class Tour:
    """One look at every screen: the same twenty, in one theme and at one width."""

    def __init__(self, demo, visitor, size, theme):
        self.demo, self.size, self.theme, self.taken = demo, size, theme, []
        self.visitor = lambda **more: visitor(size=size, theme=theme, **more)

    def take(self, someone, name):
        """Keep what is on the screen, the whole of the page."""
        path = FOLDER / f"{name}-{self.size}-{self.theme}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        someone.page.screenshot(path=path, full_page=True)
        self.taken.append(name)

    def nobody(self):
        """Before one is signed in, at the company and at the base domain."""
        someone = self.visitor()
        someone.go("/account/login/")
        self.take(someone, "01-sign-in")
        someone.go("/", host="")
        self.take(someone, "02-welcome")

    def employees(self):
        """What people with devices see."""
        someone = self.visitor().sign_in(EXTERNAL)
        someone.go("/")
        self.take(someone, "03-employee-home")
        device = go_to_first(someone, "/", DEVICE)
        someone.go(f"{device}?tab=support")
        self.take(someone, "04-report-a-fault")
        late = self.visitor().sign_in(ONE_MONTH).speak("en")
        late.go(f"{go_to_first(late, '/', DEVICE)}?tab=lifecycle")
        self.take(late, "05-final-choice")
        late.go("/store/?category=accessories")
        self.take(late, "06-store")
        wisher = self.visitor().sign_in(WITHOUT_A_PHONE).speak("en")
        wisher.go("/store/checkout/")
        if "/store/checkout/" not in wisher.page.url:  # the first look fills the cart, the others find it full
            wisher.go("/store/?q=Fairphone 5")
            wisher.page.get_by_role("link", name="Fairphone 5", exact=True).click()
            wisher.page.wait_for_load_state()
            wisher.page.get_by_role("button", name="Put in cart").first.click()
            wisher.page.wait_for_load_state()
            wisher.go("/store/checkout/")
        self.take(wisher, "07-checkout")
        waiting = self.visitor().sign_in(DELIVERED).speak("en")
        waiting.go("/you/orders/")
        self.take(waiting, "08-own-orders")

    def admins(self):
        """What an admin sees."""
        office = self.visitor().sign_in(ADMIN)
        for name, path in (
            ("09-admin-home", "/"), ("10-hardware", "/hardware/"), ("12-people", "/people/"),
            ("13-renewals", "/renewals/"), ("14-forecast", "/renewals/forecast/"),
            ("16-planned-mail", "/mail/planned/"), ("17-settings", "/settings/"), ("18-imports", "/imports/"),
        ):  # fmt: skip
            office.go(path)
            self.take(office, name)
        go_to_first(office, "/hardware/?view=renewals", DEVICE)
        self.take(office, "11-device")
        go_to_first(office, "/requests/?view=pending", REQUEST)
        self.take(office, "15-request")

    def others(self):
        """Who has no account, and who runs it all."""
        _letter, address = letter_with_link(self.demo, "order")
        desk = self.visitor()
        desk.page.goto(address)
        self.take(desk, "19-distributor")
        console = self.visitor(host="ops").sign_in(OPERATOR)
        console.go("/")
        self.take(console, "20-operator")


def test_twenty_screens(demo, visitor):
    for size, theme in LOOKS:
        tour = Tour(demo, visitor, size, theme)
        for part in (tour.nobody, tour.employees, tour.admins, tour.others):
            part()
    names = sorted(tour.taken)
    assert len(names) == 20
    (FOLDER / "index.html").write_text(index(names))


def index(names):
    """A page that shows them side by side."""
    figures = "".join(
        f"<h2>{escape(name)}</h2><div>{''.join(figure(name, *look) for look in LOOKS)}</div>" for name in names
    )
    return (
        '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Screens</title><style>'
        "body{font:14px system-ui;margin:2rem;background:#888;color:#fff}div{display:flex;gap:1rem;align-items:start}"
        "img{max-height:80vh;max-width:24vw;display:block}</style><h1>Screens</h1>" + figures
    )


def figure(name, size, theme):
    """One picture, leading to itself in full."""
    file = f"{name}-{size}-{theme}.png"
    return f'<a href="{file}"><img src="{file}" alt="{escape(name)}, {size}, {theme}" loading="lazy"></a>'
