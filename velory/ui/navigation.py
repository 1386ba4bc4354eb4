"""Where one can go. A place that is not built yet is left out, so the menus grow with the product."""

from dataclasses import dataclass
from functools import cache

from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from velory.tenancy.context import current_company, inside_a_company

EVERY_ADDRESS = "velory.operators.site_urls"  # the operators' host has the console besides what every host has


@dataclass(frozen=True)
class Place:
    """One entry of a menu: an address that people see, its name and its icon; and what else lies behind it.

    `feature`: only where the company has it. `pinned`: at the foot of the side bar, in view however low the window.
    """

    address: str
    label: str | Promise
    icon: str
    around: tuple[str, ...] = ()
    feature: str = ""
    pinned: bool = False

    def is_built(self) -> bool:
        return is_built(self.address)

    def is_open(self) -> bool:
        """Whether it stands in the menus of this company."""
        if not self.is_built():
            return False
        return not self.feature or (inside_a_company() and current_company().has(self.feature))


@dataclass(frozen=True)
class Group:
    """A headed part of the side bar."""

    label: str | Promise
    places: tuple[Place, ...]


ADMIN = (
    Group("", (Place("/", _("Overview"), "layout-dashboard"),)),
    Group(
        _("Asset management"),
        (
            Place("/hardware/", _("Hardware"), "laptop", ("/devices/D-",)),
            Place("/repairs/", _("Repairs"), "wrench", feature="repair_flow"),
            Place("/trade-ins/", _("Trade-ins"), "hand-coins"),
            Place("/people/", _("Employees"), "users"),
            Place("/spaces/", _("Spaces"), "map-pin"),
            Place("/locations/", _("Locations"), "building-2"),
        ),
    ),
    Group(
        _("Renewals"),
        (
            Place("/renewals/", _("Renewals due"), "calendar-clock"),
            Place("/renewals/forecast/", _("Renewals forecast"), "chart-column"),
        ),
    ),
    Group(
        _("Store"),
        (
            Place("/store/", _("Store"), "store", feature="store"),
            Place("/orders/", _("Orders"), "truck", ("/proposals/",), feature="store"),
            Place("/requests/", _("Requests"), "list-checks", feature="store"),
            Place("/catalogue/", _("Catalogue"), "package", feature="store"),
            Place("/budgets/", _("Budgets"), "wallet", feature="store"),
            Place("/deductions/", _("Salary deductions"), "hand-coins", feature="store"),
        ),
    ),
    Group(
        _("Company"),
        (
            Place("/partners/", _("Partners"), "handshake"),
            Place("/payments/", _("Payments"), "credit-card"),
            Place("/imports/", _("Imports and exports"), "arrow-up-down"),
            Place("/mail/", _("Mail"), "mail", ("/settings/health/",)),
            Place("/log/", _("Event log"), "scroll-text"),
            Place("/settings/", _("Settings"), "settings", pinned=True),
        ),
    ),
)
OPERATORS = (
    Group(
        _("Installation"),
        (
            Place("/companies/", _("Companies"), "building-2"),
            Place("/installation/", _("Health"), "activity"),
        ),
    ),
    Group(
        _("Operators"),
        (
            Place("/people/", _("People"), "users"),
            Place("/mail/", _("Mail"), "mail", ("/settings/health/",)),
            Place("/log/", _("Event log"), "scroll-text"),
            Place("/settings/", _("Settings"), "settings", pinned=True),
        ),
    ),
)
EMPLOYEE = (
    Place("/", _("Home"), "house", ("/devices/",)),
    Place("/store/", _("Store"), "store", feature="store"),
    Place("/you/", _("Your details"), "user", ("/orders/", "/requests/", "/store/budget/")),
)
BENEATH = {  # pages that stand in no menu, for the search: under the place with which they are there
    "/hardware/": (("/hardware/bulk/", _("Bulk changes")), ("/hardware/views/", _("Saved views"))),
    "/repairs/": (("/repairs/loans/", _("Loans")),),
    "/people/": (("/teams/", _("Teams")),),
    "/locations/": (("/people/leaving/", _("People who leave")),),
    "/renewals/": (("/renewals/returns/", _("Returns")),),
    "/orders/": (("/orders/attention/", _("Reports that need attention")),),
    "/mail/": (
        ("/mail/planned/", _("Planned mail")), ("/mail/refused/", _("Refused mail")), ("/mail/texts/", _("Texts")),
        ("/mail/identity/", _("Name and logo")), ("/mail/settings/", _("Mail settings")),
        ("/settings/health/", _("Health")),
    ),
    "/imports/": (("/settings/export/", _("Export everything")),),
    "/partners/": (("/settings/support/", _("Support access")), ("/settings/sign-in/", _("Sign-in"))),
}  # fmt: skip


@cache
def is_built(address: str) -> bool:
    """Whether a page answers at the address."""
    try:
        resolve(address, EVERY_ADDRESS)
    except Resolver404:
        return False
    return True


def is_at_the_operators() -> bool:
    """Whether this is the console's host: it has companies, and no devices."""
    return inside_a_company() and current_company().is_operators


class Menu:
    """What one person's frame shows as navigation, and where in it they are now."""

    def __init__(self, path: str):
        self.path = path

    @property
    def admin(self) -> list[dict]:
        """The side bar, group by group."""
        menu = OPERATORS if is_at_the_operators() else ADMIN
        here = self.here([place for group in menu for place in group.places])
        groups = ({"label": group.label, "places": _shown(group.places, here)} for group in menu)
        return [group for group in groups if group["places"]]

    @property
    def pinned(self) -> list[dict]:
        """What stands at the foot of the side bar."""
        return [place for group in self.admin for place in group["places"] if place["pinned"]]

    @property
    def employee(self) -> list[dict]:
        """The top bar."""
        return _shown(EMPLOYEE, self.here(EMPLOYEE))

    @property
    def beneath(self) -> list[dict]:
        """What lies behind the places of the side bar."""
        over = [place for group in self.admin for place in group["places"]]
        return [
            {"address": address, "label": label, "icon": place["icon"]}
            for place in over
            for address, label in BENEATH.get(place["address"], ())
        ]

    @property
    def store(self) -> str:
        """Where the company's store is; empty where it has none."""
        return next((place.address for place in EMPLOYEE if place.address == "/store/" and place.is_open()), "")

    @property
    def you_is_built(self) -> bool:
        return is_built("/you/")

    @property
    def support_is_built(self) -> bool:
        return is_built("/you/support/")

    @property
    def own_is_built(self) -> bool:
        return is_built("/devices/") and not is_at_the_operators()

    def here(self, places) -> Place | None:
        """The place around the present address; where two are, the nearer one."""
        nearness = {place: max(map(self._nearness, (place.address, *place.around))) for place in places}
        nearest = max(nearness, key=nearness.__getitem__)
        return nearest if nearness[nearest] else None

    def _nearness(self, address: str) -> int:
        around = self.path == address or (address != "/" and self.path.startswith(address))
        return len(address) if around else 0


def _shown(places, here) -> list[dict]:
    return [
        {
            "address": place.address,
            "label": place.label,
            "icon": place.icon,
            "current": place == here,
            "pinned": place.pinned,
        }
        for place in places
        if place.is_open()
    ]
