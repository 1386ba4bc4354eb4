"""Every page, in both languages, both widths, light and dark: nothing for axe to find, nothing scrolls sideways."""

import os
import re

import pytest

pytestmark = pytest.mark.browser
ADMIN = "nils.wikstrom@nordvik.example"
ADMIN_SV = "orjan.jensen@nordvik.example"
EMPLOYEE = "lukasz.eriksson@nordvik.example"
EMPLOYEE_SV = "linnea.sorensen@nordvik.example"

LOOKS = [
    pytest.param("wide", "light", "en", id="wide, light, English"),
    pytest.param("narrow", "dark", "sv", id="narrow, dark, Swedish"),
]
if "VELORY_SCREENSHOTS" in os.environ:  # `make screenshots` looks at every page in the other two as well
    LOOKS += [
        pytest.param("narrow", "light", "en", id="narrow, light, English"),
        pytest.param("wide", "dark", "sv", id="wide, dark, Swedish"),
    ]
FOR_ADMINS = [
    "/", "/hardware/", "/hardware/?view=renewals", "/hardware/?view=archive", "/hardware/?q=zzz", "/hardware/new/",
    "/people/", "/people/new/", "/spaces/", "/locations/", "/teams/", "/renewals/", "/renewals/awaiting-confirmation/",
    "/renewals/awaiting-release/", "/renewals/returns/", "/renewals/overdue/", "/renewals/date-missing/",
    "/renewals/forecast/", "/renewals/forecast/?path=leased", "/renewals/all/?month=2026-12&choice=nothing&replace=yes",
    "/partners/", "/imports/", "/mail/", "/mail/planned/", "/mail/settings/", "/log/", "/settings/", "/devices/",
    "/you/", "/nowhere/", "/search/", "/search/?q=zo", "/search/?q=zzz",
    "/payments/", "/payments/?q=zzz", "/payments/attention/", "/payments/comparisons/", "/payments/payees/",
    "/payments/payees/company/", "/payments/payees/company/take-away/",
    "/catalogue/", "/catalogue/?view=archived", "/catalogue/new/", "/catalogue/imports/", "/budgets/", "/budgets/new/",
    "/budgets/rules/", "/budgets/rules/preview/",
    "/orders/", "/orders/?q=zzz", "/orders/attention/", "/requests/", "/deductions/",
    "/store/cart/for/", "/you/delegation/",
]  # fmt: skip
FOR_EVERYONE = [
    "/", "/devices/", "/you/", "/hardware/", "/nowhere/", "/store/", "/store/?category=phones", "/store/?q=zzz",
    "/store/budget/", "/store/cart/", "/you/orders/", "/you/delegation/", "/requests/", "/search/?q=sto",
]  # fmt: skip
FOR_NOBODY = ["/account/login/", "/account/code/", "/account/password/", "/account/password/sent/"]
LINKED = {  # one page of each kind: on which list it stands, and its address
    "/orders/": r"/orders/VO-\w+/", "/orders/?status=failed": r"/orders/VO-\w+/",
    "/requests/?view=pending": r"/requests/Q-\w+/", "/orders/attention/": r"/proposals/N-\w+/",
}  # fmt: skip
DEVICE_TABS = ["", "?tab=lifecycle", "?tab=support", "?tab=notes", "?tab=activity", "?tab=assignment"]


@pytest.mark.parametrize(("size", "theme", "language"), LOOKS)
def test_an_admin_s_pages(visitor, demo, size, theme, language):
    office = visitor(size=size, theme=theme, language=language)
    office.sign_in(ADMIN if language == "en" else ADMIN_SV)
    look_at_all(office, FOR_ADMINS, "admin")
    look_at_all(office, [linked(office, where, address) for where, address in LINKED.items()], "admin-linked")
    look_at_all(office, [f"{linked(office, '/orders/', LINKED['/orders/'])}report/"], "admin-report")
    partner = linked(office, "/partners/", r"/partners/[A-Z0-9]+-[A-Z0-9]+/")
    look_at_all(office, [f"{partner}channel/"], "admin-channel")
    device = demo.json("device", "--company", "nordvik", "D-00061", "--json")["ref"]
    look_at_all(office, [f"/devices/{device}/{tab}" for tab in DEVICE_TABS], "admin-device")
    deeds = ["assign", "set_payor", "edit", "remove", "unassign"]
    look_at_all(office, [f"/devices/{device}/{deed}/" for deed in deeds], "admin-device")


@pytest.mark.parametrize(("size", "theme", "language"), LOOKS)
def test_an_employee_s_pages(visitor, demo, size, theme, language):
    someone = visitor(size=size, theme=theme, language=language)
    someone.sign_in(EMPLOYEE if language == "en" else EMPLOYEE_SV)
    look_at_all(someone, FOR_EVERYONE, "employee")
    own = "D-00061" if language == "en" else "D-00243"
    device = demo.json("device", "--company", "nordvik", own, "--json")["ref"]
    look_at_all(someone, [f"/devices/{device}/{tab}" for tab in DEVICE_TABS[:5]], "employee-device")


@pytest.mark.parametrize(("size", "theme", "language"), LOOKS)
def test_what_stands_open_to_nobody_in_particular(visitor, size, theme, language):
    nobody = visitor(size=size, theme=theme, language=language)
    look_at_all(nobody, FOR_NOBODY, "nobody")
    nobody.host = ""
    look_at_all(nobody, ["/", "/nowhere/"], "public")
    nobody.host = "mail"
    look_at_all(nobody, ["/"], "mail")


@pytest.mark.parametrize(("size", "theme", "language"), LOOKS)
def test_what_a_distributor_sees(visitor, demo, size, theme, language):
    letters = demo.json("mails", "--company", "nordvik", "--json")
    links = [link for m in letters if m["template"] == "orders/order" for link in m["links"] if "/partner/" in link]
    someone = visitor(size=size, theme=theme, language=language)
    for number, link in enumerate(links[:2]):
        someone.page.goto(link)
        someone.look(f"distributor-{number}")


def linked(someone, where, address):
    """The first address of a kind on a page."""
    someone.go(where)
    return re.search(address, someone.page.content())[0]


def look_at_all(someone, paths, who):
    for path in paths:
        answer = someone.go(path)
        assert answer.status in {200, 403, 404, 409}, (path, answer.status)
        if answer.status != 200:  # the browser itself calls a refusal an error
            someone.troubles.clear()
        name = path.strip("/").replace("/", "-").replace("?", "-").replace("=", "-") or "home"
        someone.look(f"{who}-{name}")
