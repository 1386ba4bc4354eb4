"""Which page is looked at by whom: every door of the product that answers a page, wherever it stands.

Most follow from the table of doors (tests/house/doors.py): what answers a reader there is looked at as that
reader. What needs more stands in BESIDES with its address; what is no page, or can't be come to, in LEFT_OUT with its
reason. `tests/house/test_every_page_is_walked.py` fails where a door has none of them.
"""

from dataclasses import dataclass

from tests.house.doors import DOORS, address
from tests.journeys.readers import ADMIN, EMPLOYEE, FIRST, LEAVER, NEW, OPERATOR, SLUG
from velory.ui.gallery.views import ERRORS, PIECES

TABS = ["lifecycle", "support", "notes", "activity", "assignment"]
PAGE = {200, 409, 410, 422}  # what answers with a page of its own; the pages of errors are looked at once each


@dataclass(frozen=True)
class Reader:
    """Who looks, at which host; without an address nobody in particular."""

    name: str
    host: str
    email: str = ""


ADMIN_THERE, EMPLOYEE_THERE = Reader("admin", SLUG, ADMIN), Reader("employee", SLUG, EMPLOYEE)
LEAVER_THERE, NOBODY = Reader("leaver", SLUG, LEAVER), Reader("nobody", SLUG)
NILS = Reader("Nordvik's admin", "nordvik", "nils.wikstrom@nordvik.example")
LUKASZ = Reader("Nordvik's employee", "nordvik", "lukasz.eriksson@nordvik.example")
RENEE = Reader("Nordvik's purchase manager", "nordvik", "renee.jonsson@nordvik.example")
CONSOLE, PUBLIC = Reader("operator", "ops", OPERATOR), Reader("public", "")
MAIL, FIRST_RUN = Reader("mail", "mail"), Reader("new company's admin", NEW, FIRST)
READERS = [
    ADMIN_THERE, EMPLOYEE_THERE, LEAVER_THERE, NOBODY, NILS, LUKASZ, RENEE, CONSOLE, PUBLIC, MAIL, FIRST_RUN,
]  # fmt: skip

A_FILE, A_LETTER = "a file, which no browser shows", "the letter as it is sent; what is around it is looked at"
LEADS_ON = "leads on to another page, which is looked at"
LEFT_OUT = {
    A_FILE: [
        "archive:download", "assets:export_hardware", "assets:export_log", "erasing_console:hand_over",
        "export_people", "importing:examples",
        "importing:headings", "importing:refused", "money:export", "offboarding:headings", "orders:export",
        "orders:export_deductions", "orders:export_orders", "orders:headings", "orders:picture", "orders:refused",
        "post:logo", "renewals:calendar", "renewals:forecast_file", "renewals:return_label", "repairs:export",
        "repairs:photo", "demo:bar", "caught_file", "people:security_codes_file",
    ],
    A_LETTER: [
        "post:identity_html", "post:letter_html", "post:planned_html", "post:text_html", "ui:gallery_letter_html",
        "caught_html",
    ],
    "answers scripts": ["account_second_options"],
    LEADS_ON: ["account_confirm_login_code", "renewals:choose", "operators:home", "operators:settings"],
    "a moment of signing in with a provider, which the demo has none of": [
        "federated:back", "federated:code", "federated:go", "federated:link", "federated:who",
    ],
    "a passkey, which a browser without a key can't make": ["people:security_remove", "people:security_rename"],
    "answers machines": [
        "stripe_webhook", "health", "brevo/tracking/", "postmark/tracking/", "sendgrid/tracking/",
        "sparkpost/tracking/",
    ],
    "answers buttons alone": [
        "post:link_deed", "post:resume", "post:partner_deed", "demo:push", "find_company", "erasing_console:call_off",
        "erasing_console:confirm", "erasing_console:export", "operators:count", "operators:go_on",
        "federated_console:turn_on", "operators:make_primary", "operators:resume", "operators:try_again",
        "support_console:ask", "support_console:end", "support_console:open",
    ],
    "nothing that the demo's payments know: looked at in tests/payments": ["money:look"],
}  # fmt: skip

# What needs more than the table of doors says: who looks, and where. `{…}` is a thing of the world
BESIDES = {
    "mfa_authenticate": [],  # on the way in: a test of its own in test_every_page.py
    "assets:edit_space": [(ADMIN_THERE, "/spaces/edit/?space={space}")],
    "assets:step": [(ADMIN_THERE, "{steps}")],
    "erasing:erasing": [(ADMIN_THERE, "/settings/erasing/")],
    "help:contents": [(LUKASZ, "/help/employees/"), (CONSOLE, "/help/operators/")],
    "help:page": [(NILS, "{pages of admins}"), (LUKASZ, "{pages of employees}"), (CONSOLE, "{pages of operators}")],
    "help:partners_page": [(PUBLIC, "{pages of partners}")],
    "importing:import": [(ADMIN_THERE, "/imports/{previewed import}/")],
    "money:close": [(ADMIN_THERE, "/payments/{mismatch}/record/close/")],
    "money:payment": [(ADMIN_THERE, "/payments/{mismatch}/record/")],
    "offboarding:own": [(LEAVER_THERE, "/you/leaving/")],
    "orders:checkout": [(EMPLOYEE_THERE, "/store/checkout/")],
    "orders:record_deed": [(ADMIN_THERE, "/orders/{order}/report/cancel/?line={order line}")],
    "people:accept": [(NOBODY, "{invitation}")],
    "post:link": [(NOBODY, "{links}")],
    "post:partner": [(NOBODY, "{partners}")],
    "post:stop": [(NOBODY, "{stop}")],
    "renewals:start_buyout": [
        (EMPLOYEE_THERE, "/devices/{final}/start_buyout/"), (EMPLOYEE_THERE, "/devices/{own device}/start_buyout/")
    ],
    "repairs:lend": [(ADMIN_THERE, "/devices/{free device}/lend/")],
    "repairs:send_to_trade_in": [(ADMIN_THERE, "/devices/{free device}/send_to_trade_in/")],
    "support:enter": [(NOBODY, "/support/enter/{way in}/")],
    "ui:gallery": [(NILS, "/ui/")],
    "ui:gallery_error": [(PUBLIC, f"/ui/errors/{name}/") for name in ERRORS],
    "ui:gallery_errors": [(NILS, "/ui/errors/")],
    "ui:gallery_icons": [(NILS, "/ui/icons/")],
    "ui:gallery_letter": [(NILS, "{gallery letters}")],
    "ui:gallery_letters": [(NILS, "/ui/letters/")],
    "ui:gallery_piece": [(PUBLIC, f"/ui/pieces/{name}/") for name in PIECES],
    "ui:gallery_states": [(NILS, "/ui/states/")],
}  # fmt: skip

# What stands at hosts that are no company's, by the name of its address
ELSEWHERE = {
    "operators:companies": [(CONSOLE, "/companies/"), (CONSOLE, "/companies/?q=zzz")],
    "operators:open": [(CONSOLE, "/companies/new/")],
    "operators:opening": [(CONSOLE, "/companies/new/{opening}/")],
    "operators:company": [(CONSOLE, f"/companies/{slug}/") for slug in ("nordvik", "ops", SLUG)],
    "operators:facts": [(CONSOLE, "/companies/nordvik/facts/")],
    "operators:plan": [(CONSOLE, "/companies/nordvik/plan/")],
    "operators:suspend": [(CONSOLE, "/companies/nordvik/suspend/")],
    "operators:add_domain": [(CONSOLE, "/companies/nordvik/addresses/")],
    "operators:remove_domain": [(CONSOLE, "/companies/nordvik/addresses/nordvik.localhost/remove/")],
    "operators:installation": [(CONSOLE, "/installation/")],
    "operators:lost_factor": [(CONSOLE, "/companies/nordvik/second_factor/")],
    "erasing_console:ask": [(CONSOLE, "/companies/nordvik/erase/")],
    "welcome": [(PUBLIC, "/")],
    "public_handbook": [(PUBLIC, "/help/")],
    "sign_up": [(PUBLIC, "/sign-up/")],
    "sign_up_sent": [(PUBLIC, "/sign-up/sent/")],
    "sign_up_confirm": [(PUBLIC, "/sign-up/confirm/{sign-up}/"), (PUBLIC, "/sign-up/confirm/token/")],
    "sign_up_progress": [(PUBLIC, "/sign-up/{opening}/")],
    "caught_mail": [(MAIL, "/"), (MAIL, "/?q=zzz")],
    "caught_letter": [(MAIL, "{caught}")],
}  # fmt: skip

# The same addresses with what fills them: lists with hundreds of rows, nothing found, what somebody may not see
FOR_ADMINS = [
    "/hardware/?view=renewals", "/hardware/?view=archive", "/hardware/?q=zzz", "/renewals/forecast/?path=leased",
    "/renewals/all/?month=2026-12&choice=nothing&replace=yes", "/search/?q=zo", "/search/?q=zzz", "/payments/?q=zzz",
    "/catalogue/?view=archived", "/orders/?q=zzz", "/orders/?status=failed", "/payments/payees/company/", "/nowhere/",
    "/payments/payees/company/take-away/", "/requests/?view=pending", "/help/?q=budget",
    *(f"/devices/{{D-00061}}/{tab}" for tab in ["", *(f"?tab={tab}" for tab in TABS)]),
]  # fmt: skip
FOR_EVERYONE = [
    "/hardware/", "/nowhere/", "/store/?category=phones", "/store/?q=zzz", "/search/?q=sto", "/help/?q=zzz",
    *(f"/devices/{{D-00061}}/{tab}" for tab in ["", *(f"?tab={tab}" for tab in TABS)]),
]  # fmt: skip
ALSO = {
    NILS: FOR_ADMINS, LUKASZ: FOR_EVERYONE, PUBLIC: ["/nowhere/"],
    RENEE: ["/", "/requests/", "/requests/?view=pending", "/orders/", "/nowhere/"],
    CONSOLE: ["/people/", "/log/", "/mail/", "/mail/health/", "/you/", "/nowhere/", "/help/"],
    FIRST_RUN: [
        "/", "/hardware/", "/people/", "/spaces/", "/partners/", "/imports/", "/renewals/", "/orders/", "/store/",
        "/catalogue/", "/budgets/", "/mail/", "/log/", "/payments/", "/settings/", "/devices/", "/search/?q=a",
    ],
}  # fmt: skip


def pages(reader, world) -> list[str]:
    """Every address at which somebody looks, each once."""
    also = [path for lines in (BESIDES | ELSEWHERE).values() for who, path in lines if who == reader]
    found = [*_by_the_doors(reader, world), *also, *ALSO.get(reader, [])]
    return list(dict.fromkeys(path for each in found for path in filled(each, world)))


def filled(path, world) -> list[str]:
    """An address with the world's things in it; of a list of addresses every one; none where there are none."""
    whole = path[1:-1] if path.startswith("{") and path.endswith("}") else ""
    if isinstance(world.get(whole), list):
        return world[whole]
    try:
        return [path.format_map(world)]
    except KeyError:
        return []


def _by_the_doors(reader, world):
    """What the table of doors says of a part; at Nordvik what has nothing of ours in its address."""
    part = {ADMIN_THERE: "admin", NILS: "admin", EMPLOYEE_THERE: "employee", LUKASZ: "employee", NOBODY: "nobody"}
    for name, door in DOORS.items():
        said = getattr(door, part[reader]) if reader in part else None
        if said and said[0] in PAGE and name not in left_out() and (reader.host == SLUG or not door.of):
            yield address(door, world)


def left_out() -> set[str]:
    """Every door that nobody looks at."""
    return {name for names in LEFT_OUT.values() for name in names}


def is_walked(name) -> bool:
    """Whether somebody looks at what stands behind a door."""
    door = DOORS.get(name)
    answers = [door.admin, door.employee, door.nobody] if door else []
    return name in BESIDES or name in ELSEWHERE or any(said and said[0] in PAGE for said in answers)


def only_does(name) -> bool:
    """Whether a door answers buttons alone: looking at it is not allowed, whoever looks."""
    door = DOORS.get(name)
    return door is not None and all(
        said is None or said[0] in {405, 403} for said in (door.admin, door.employee, door.nobody)
    )
