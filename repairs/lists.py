"""The list of repair cases: what can be asked of it, and its rows as a file."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from repairs.models import Case
from velory.folding import words_of

SORTS = {
    "opened": "reported_at", "device": "device__name", "taken_in": "taken_in_at", "closed": "closed_at",
    "supplier": "supplier", "cost": "cost",
}  # fmt: skip
STATES = [
    ("waiting", gettext_lazy("Needs repair")), ("in_repair", gettext_lazy("In repair")),
    ("closed", pgettext_lazy("repair", "Closed")),
]  # fmt: skip
WARRANTIES = [*Case.Warranty.choices, ("unknown", pgettext_lazy("warranty", "Not known"))]


def tabs(current: str) -> list[dict]:
    """The pages of repairs."""
    pages = [("cases", _("Cases")), ("loans", _("Loans")), ("figures", _("Figures"))]
    return [
        {"label": label, "address": reverse(f"repairs:{code}"), "current": code == current} for code, label in pages
    ]


def cases_of(table):
    """The cases, narrowed by what the address says."""
    found = Case.objects.all()
    for word in words_of(table.q):
        found = found.filter(
            Q(ref__folded__contains=word) | Q(device__search__contains=word) | Q(supplier__folded__contains=word)
            | Q(fault__folded__contains=word) | Q(holder__search__contains=word)
        )  # fmt: skip
    states = {"waiting": Q(closed_at=None, taken_in_at=None), "closed": Q(closed_at__isnull=False),
              "in_repair": Q(closed_at=None, taken_in_at__isnull=False)}  # fmt: skip
    asked = Q()
    for state in table.chosen("state"):
        asked |= states.get(state, Q())
    found = found.filter(asked)
    if outcomes := table.chosen("outcome"):
        found = found.filter(outcome__in=outcomes)
    if warranties := table.chosen("warranty"):
        found = found.filter(warranty__in=["" if value == "unknown" else value for value in warranties])
    if table.chosen("mdm"):
        found = found.filter(pk__in=Case.objects.not_released().values("pk"))
    return found


def rows_to_keep(cases, *, today):
    """The cases as rows of a file, headings first."""
    yield [
        _("Case"), _("Device"), _("Product"), _("Serial number"), _("Category"), _("Holder"), _("What is wrong"),
        _("Opened"), _("Taken in"), _("Closed"), _("Outcome"), _("Days out"), _("Repaired by"), _("Warranty"),
        _("Cost, net"), _("Currency"), _("Released from MDM"), _("Replaced by"),
    ]  # fmt: skip
    for case in cases.select_related("device__category", "holder", "space", "replaced_by").iterator(chunk_size=500):
        device = case.device
        yield [
            case.ref, device.ref, device.name, device.serial, str(device.category), str(case.whose or ""), case.fault,
            case.reported_at, case.taken_in_at, case.closed_at, case.get_outcome_display(), case.days_out(today),
            case.supplier, case.get_warranty_display(), case.cost, case.currency, case.released_at,
            case.replaced_by.ref if case.replaced_by else "",
        ]  # fmt: skip
