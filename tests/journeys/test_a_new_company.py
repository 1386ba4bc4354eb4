"""A company that was opened a minute ago: its admin comes in by the invitation and is led to the first fleet."""

import pytest

from tests.journeys.test_the_console import the_link

pytestmark = pytest.mark.browser

FIRST = "per.chen@nordvik.example"


def test_from_an_empty_page_to_the_first_imported_fleet(visitor, demo, tmp_path):
    demo.type(
        "open_company", "Nordvik Service AB", "--slug", "service", "--domain", "service.localhost", "--language", "en",
        "--plan", "pro", "--feature", "store", "--feature", "repair_flow", "--admin-email", FIRST,
    )  # fmt: skip
    someone = visitor("service")
    page = someone.page
    page.goto(the_link(demo, FIRST, "/welcome/"))
    for name, value in (("first_name", "Per"), ("last_name", "Chen"), ("password1", "on-the-fells-it-is-quiet")):
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Save and sign in").click()
    page.wait_for_load_state()

    someone.go("/")
    page.get_by_role("heading", name="First steps").wait_for()
    assert page.get_by_text("0 of 4 done").is_visible()
    someone.look("first-steps")

    page.get_by_role("link", name="Set how the company writes").click()
    page.locator("[name=reply_to]").fill(FIRST)
    with page.expect_navigation():
        page.locator("main form", has=page.locator("[name=reply_to]")).locator(".btn-primary").first.click()
    someone.go("/")
    page.get_by_role("link", name="Add partner").click()
    page.locator("[name=name]").fill("Dustin")
    page.locator("[name=email]").fill("order@dustin.example")
    with page.expect_navigation():
        page.locator("main form .btn-primary").first.click()

    someone.go("/")
    assert page.get_by_text("2 of 4 done").is_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="An example file to fill in").click()
    file = tmp_path / "fleet.csv"
    file.write_bytes(download.value.path().read_bytes())
    page.get_by_role("link", name="Import a file").click()
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Upload and look").click()
    page.get_by_role("heading", name="Preview of the import", level=1).wait_for()
    page.locator("form button.btn-primary").click()
    page.get_by_role("heading", name="Result of the import", level=1).wait_for(timeout=30_000)

    someone.go("/")
    assert page.get_by_text("3 of 4 done").is_visible()
    assert page.get_by_role("heading", name="Fleet by status").is_visible()
    someone.look("first-fleet")
    page.get_by_role("button", name="Put the steps away").click()
    page.get_by_role("heading", name="Overview", level=1).wait_for()
    assert page.get_by_role("heading", name="First steps").count() == 0
    assert someone.troubles == []
