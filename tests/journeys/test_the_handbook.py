"""What docs/handbook says, done in a browser: each picture there is taken here, where its step is."""

import re

import pytest

from tests.assets.importing.making import a_device_row, a_file
from tests.journeys.pictures import ANEW
from tests.journeys.test_the_leased_path import newest
from tests.renewals.returning import PDF

pytestmark = pytest.mark.browser
ADMIN = "nils.wikstrom@nordvik.example"
APPROVER = "renee.jonsson@nordvik.example"
EXTERNAL = "lukasz.eriksson@nordvik.example"  # from Atea, its renewal date has passed
THREE_MONTHS, ONE_MONTH = "eva.makinen@nordvik.example", "freja.olsen@nordvik.example"
ONE_OFF = "vaino.lindqvist@nordvik.example"
WITHOUT_A_PHONE = "lars.gustafsson@nordvik.example"
LEAVER, OPERATOR = "maria.van-der-berg@nordvik.example", "operator@velory.example"
SHIPPED, DELIVERED = "olof.jensen@nordvik.example", "per.persson@nordvik.example"


def arrives(visitor, email):
    """Signs in and reads English."""
    return visitor().sign_in(email).speak("en")


def go_to_first(someone, where, address):
    """Open the first link of a kind that stands on a page; returns its address."""
    someone.go(where)
    found = re.search(f'href="({address})"', someone.page.content())
    if found is None and not ANEW:
        pytest.skip(f"another journey has used up what stood on {where}: they share a world, in any order")
    assert found, (where, address, someone.page.locator("main").inner_text()[:500])
    someone.go(found[1])
    return found[1]


def press(someone, name):
    """The button or link of that name."""
    button = someone.page.get_by_role("button", name=name, exact=True)
    button.or_(someone.page.get_by_role("link", name=name, exact=True)).first.click()
    someone.page.wait_for_load_state()


def letter_with_link(demo, template, fits=lambda letter: True):
    """The newest letter of a kind, and the address that only its reader has."""
    letter = newest(demo, template, fits)
    return letter, next(address for address in letter["links"] if "/partner/" in address)


def test_signing_in(visitor):
    nobody = visitor()
    nobody.go("/account/login/")
    nobody.handbook("employees/sign-in")


def test_what_an_employee_sees(visitor):
    someone = arrives(visitor, EXTERNAL)
    someone.go("/")
    someone.handbook("employees/home", tall=520)
    device = go_to_first(someone, "/", r"/devices/D-\w+/")
    someone.go(f"{device}?tab=lifecycle")
    someone.handbook("employees/start", tall=760)
    someone.go(f"{device}?tab=support")
    someone.page.locator("input[name=needs_repair]").check()
    someone.handbook("employees/fault", tall=820)


def test_a_lease_that_ends(demo, visitor):
    early = arrives(visitor, THREE_MONTHS)
    device = go_to_first(early, "/", r"/devices/D-\w+/")
    early.go(f"{device}?tab=lifecycle")
    early.handbook("employees/preliminary", tall=860)

    late = arrives(visitor, ONE_MONTH)
    device = go_to_first(late, "/", r"/devices/D-\w+/")
    late.go(f"{device}?tab=lifecycle")
    late.handbook("employees/final", tall=860)
    late.page.locator("input[type=radio][value=return]").check()
    press(late, "Continue to confirm")
    late.handbook("employees/confirm-return", tall=760)
    late.page.get_by_label("I understand that this choice is final.", exact=False).check()
    press(late, "Return device")
    late.go(f"{device}?tab=lifecycle")
    late.handbook("employees/to-return", tall=760)
    goes_back(demo, visitor)


def goes_back(demo, visitor):
    """The leasing provider answers from its mail; an admin sees where the return stands."""
    letter, address = letter_with_link(demo, "return_chosen", lambda m: "MacBook Pro 14" in m["subject"])
    lessor = visitor(language=letter["language"])
    lessor.page.goto(address)
    lessor.speak("en")
    lessor.handbook("partners/return", tall=900)
    lessor.page.set_input_files("input[type=file]", {"name": "label.pdf", "mimeType": "application/pdf", "buffer": PDF})
    press(lessor, "Upload label")
    lessor.handbook("partners/label-uploaded", tall=900)
    office = visitor().sign_in(ADMIN)
    office.go("/renewals/returns/")
    office.handbook("admins/returns", tall=420)


def test_a_device_of_the_company_s_own(visitor):
    someone = arrives(visitor, ONE_OFF)
    device = go_to_first(someone, "/", r"/devices/D-\w+/")
    someone.go(f"{device}?tab=lifecycle")
    someone.handbook("employees/one-off", tall=860)


def test_from_the_store_to_the_answer(visitor):
    someone = arrives(visitor, WITHOUT_A_PHONE)
    someone.go("/store/?category=phones")
    someone.handbook("employees/store", tall=700)
    for name in ("Apple iPhone 16", "Fairphone protective case"):
        someone.go(f"/store/?q={name}")
        press(someone, name)
        if name == "Apple iPhone 16":
            someone.handbook("employees/product", tall=620)
        press(someone, "Put in cart")
    someone.go("/store/checkout/")
    someone.handbook("employees/checkout", tall=1100)
    press(someone, "Send request")
    someone.handbook("employees/request", tall=620)
    request = someone.page.url.rstrip("/").rsplit("/", 1)[-1]
    someone.go("/store/budget/")
    someone.handbook("employees/budget", tall=480)

    approver = arrives(visitor, APPROVER)
    approver.go(f"/requests/{request}/")
    approver.handbook("employees/answer", tall=900)
    approver.go("/you/delegation/")
    approver.handbook("employees/deputy", tall=760)


def test_orders_on_their_way(visitor):
    someone = arrives(visitor, SHIPPED)
    someone.go("/you/orders/")
    someone.handbook("employees/orders", tall=560)
    go_to_first(someone, "/you/orders/", r"/you/orders/VO-\w+/")
    press(someone, "Change the order")
    someone.handbook("employees/change", tall=520)
    someone.go("/you/")
    someone.handbook("employees/details", tall=760)
    someone.go("/you/support/")
    someone.handbook("employees/support", tall=620)

    other = arrives(visitor, DELIVERED)
    go_to_first(other, "/you/orders/", r"/devices/D-\w+/")
    other.handbook("employees/receive", tall=520)


def test_a_fleet_as_an_admin_sees_it(visitor, tmp_path):
    office = visitor().sign_in(ADMIN)
    office.go("/")
    office.handbook("admins/overview", tall=760)
    office.go("/hardware/")
    office.handbook("admins/hardware", tall=620)
    device = go_to_first(office, "/hardware/?view=renewals", r"/devices/D-\w+/")
    office.handbook("admins/device", tall=760)
    office.go(f"{device}assign/")
    office.handbook("admins/assign", tall=520)
    office.go("/hardware/new/")
    office.handbook("admins/register", tall=620)
    office.go("/people/")
    office.handbook("admins/people", tall=480)
    office.go("/people/new/")
    office.handbook("admins/add-person", tall=620)
    office.go("/partners/")
    office.handbook("admins/partners", tall=480)
    office.go("/log/")
    office.handbook("admins/log", tall=480)
    an_import(office, tmp_path)


def test_many_devices_at_once(visitor):
    office = visitor().sign_in(ADMIN)
    office.go("/hardware/?view=renewals")
    for box in office.page.locator("tbody input[name=device]").all()[:4]:
        box.check()
    office.handbook("admins/bulk-choose", around="#list", tall=620)
    office.page.locator("select[name=action]").select_option("payor")
    press(office, "Continue")
    office.page.locator("[name=payor][value=employee]").check()
    office.page.locator("main form button.btn-primary").click()
    office.page.wait_for_load_state()
    office.handbook("admins/bulk-preview", tall=820)
    press(office, "Discard")


def test_somebody_leaves(visitor):
    office = visitor().sign_in(ADMIN)
    office.go(f"/people/?q={LEAVER}")
    person = office.page.locator("main a[href^='/people/P-']").first.get_attribute("href").split("/")[2]
    office.go(f"/people/leaving/{person}/day/")
    office.page.locator("[name=last_day_on]").fill("2026-12-31")
    office.handbook("admins/leaving-day", tall=620)
    office.page.locator("main form button.btn-primary").click()
    office.page.wait_for_load_state()
    office.go(f"/people/leaving/{person}/")
    office.handbook("admins/leaving", tall=820)
    leaver = arrives(visitor, LEAVER)
    leaver.go("/you/leaving/")
    leaver.handbook("employees/leaving", tall=760)


def test_what_belongs_to_the_company(visitor):
    office = visitor().sign_in(ADMIN)
    go_to_first(office, "/mail/texts/", r"/mail/texts/renewals/\w+/")
    office.handbook("admins/own-words", tall=860)
    office.go("/settings/export/")
    if "/you/again/" in office.page.url:
        office.page.locator("input[type=password]").first.fill("velory-demo")
        office.page.locator("main form button.btn-primary").first.click()
        office.page.wait_for_load_state()
    office.handbook("admins/export", tall=560)
    console = visitor(host="ops").sign_in(OPERATOR)
    console.go("/companies/nordvik/support/")
    console.page.locator("[name=why]").fill("The import of 14 November stops at row 212.")
    press(console, "Ask to look")
    office.go("/settings/support/")
    office.handbook("admins/support-access", tall=560)


def test_what_an_operator_sees(visitor):
    console = visitor(host="ops").sign_in(OPERATOR)
    console.go("/companies/")
    console.handbook("operators/companies", tall=480)
    console.go("/companies/saimaa/")
    console.handbook("operators/company", tall=860)
    console.go("/companies/saimaa/suspend/")
    console.handbook("operators/suspend", tall=560)
    console.go("/companies/new/")
    console.handbook("operators/open", tall=860)
    console.go("/installation/")
    console.handbook("operators/installation", tall=760)


def an_import(office, folder):
    """A file of which one row is new and one is refused."""
    row = a_device_row(device_id="D-97001", serial_number="HANDBOOK1")
    file = folder / "fleet.csv"
    file.write_bytes(
        a_file(row, row | {"device_id": "D-97002", "serial_number": "HANDBOOK2", "imei": "358219935181904"})
    )
    office.go("/imports/")
    office.page.set_input_files("input[type=file]", file)
    press(office, "Upload and look")
    office.page.get_by_role("heading", name="Preview of the import", level=1).wait_for()
    office.handbook("admins/import-preview", tall=860)
    press(office, "Discard this import")


def test_renewals_and_mail_as_an_admin_sees_them(visitor):
    office = visitor().sign_in(ADMIN)
    office.go("/renewals/")
    office.handbook("admins/renewals", tall=620)
    office.go("/renewals/forecast/")
    office.handbook("admins/forecast", tall=720)
    office.go("/mail/")
    office.handbook("admins/sent-mail", tall=480)
    office.go("/mail/planned/")
    office.handbook("admins/planned-mail", tall=480)
    go_to_first(office, "/mail/planned/", r"/mail/planned/\w+/[\w-]+/")
    office.handbook("admins/letter", tall=900)
    office.go("/mail/settings/")
    office.handbook("admins/mail-settings", tall=620)
    office.go("/settings/")
    office.handbook("admins/settings", tall=700)


def test_the_store_as_an_admin_sees_it(visitor):
    office = visitor().sign_in(ADMIN)
    office.go("/catalogue/")
    office.handbook("admins/catalogue", tall=480)
    office.go("/budgets/")
    office.handbook("admins/budgets", tall=480)
    office.go("/budgets/rules/")
    office.handbook("admins/rules", tall=620)
    office.go("/requests/")
    office.handbook("admins/requests", tall=420)
    office.go("/orders/")
    office.handbook("admins/orders", tall=480)
    order = go_to_first(office, "/orders/", r"/orders/VO-\w+/")
    office.go(f"{order}report/")
    office.handbook("admins/record", tall=760)
    go_to_first(office, "/orders/attention/", r"/proposals/N-\w+/")
    office.handbook("admins/proposal", tall=620)
    office.go("/payments/payees/")
    office.handbook("admins/payees", tall=480)


def test_repairs_as_an_admin_sees_them(visitor):
    office = visitor().sign_in(ADMIN)
    device = go_to_first(office, "/hardware/?view=needs_repair", r"/devices/D-\w+/")
    office.go(f"{device}?tab=support")
    office.handbook("admins/take-in", tall=620)
    go_to_first(office, "/hardware/?view=in_repair", r"/devices/D-\w+/")
    office.handbook("admins/outcomes", tall=620)
    office.go("/repairs/")
    office.handbook("admins/repairs", tall=560)


def test_what_a_distributor_sees(demo, visitor):
    letter, address = letter_with_link(demo, "order", lambda m: m["sent"])
    desk = visitor(language=letter["language"])
    desk.page.goto(address)
    desk.speak("en")
    desk.handbook("partners/order", tall=1100)
    letter, address = letter_with_link(demo, "trade_in_offered")
    buyer = visitor(language=letter["language"])
    buyer.page.goto(address)
    buyer.speak("en")
    buyer.handbook("partners/trade-in", tall=760)
