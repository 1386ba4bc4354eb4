"""One key opens the search on every page; the arrows and Enter lead on."""

import pytest

pytestmark = pytest.mark.browser


def test_a_slash_two_arrows_and_enter_lead_to_a_device(visitor):
    office = visitor()
    office.sign_in("nils.wikstrom@nordvik.example")
    office.go("/people/")
    page = office.page

    page.keyboard.press("/")
    page.keyboard.type("zoe", delay=40)
    page.locator("#palette .found-hit", has_text="Zoë").first.wait_for()
    office.check_accessibility()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_url("**/people/P-*/")
    assert "Zoë" in page.locator("h1").inner_text()


def test_escape_closes_it_and_a_slash_in_a_field_is_a_slash(visitor):
    office = visitor()
    office.sign_in("nils.wikstrom@nordvik.example")
    office.go("/hardware/")
    page = office.page

    page.keyboard.press("Control+k")
    assert page.locator("#palette").is_visible()
    page.keyboard.press("Escape")
    page.locator("#palette").wait_for(state="hidden")

    page.locator("#q").focus()
    page.keyboard.type("a/b")
    assert page.locator("#q").input_value() == "a/b"
    assert page.locator("#palette").is_hidden()
