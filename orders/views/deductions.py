"""Salary deductions for whoever pays salaries: what was taken and what no longer is, as a list and as a file."""

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, timedelta

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from orders.doors import for_the_stores_admins
from orders.models import Deduction
from orders.overage.payroll import rows_of, sums_of
from velory import clock
from velory.ui.files import as_csv
from velory.ui.tables import Table

SORTS = {
    "newest": ("-on", "-pk"),
    "when": ("on", "pk"),
    "person": ("person__last_name", "person__first_name", "-on"),
}


class Deductions(Table):
    """The deductions as the address asks for them: of people or devices that are called so, from one day to another."""

    def __init__(self, request):
        super().__init__(request, sorts=SORTS, default="newest", filters=["from", "to"], size=50)

    def day(self, key) -> date | None:
        """A day from the address, or None."""
        try:
            found = date.fromisoformat(self.query.get(key, ""))
        except ValueError:
            return None
        return found if MINYEAR < found.year < MAXYEAR else None

    @property
    def deductions(self):
        """Whatever the search and the dates leave."""
        return Deduction.objects.between(self.day("from"), self.day("to")).matching(self.q)

    def fetch(self):
        """The page's deductions."""
        return self.show(self.deductions.with_what_a_list_shows())

    @property
    def address_query(self) -> str:
        """The filters as the export takes them."""
        return self.link().partition("?")[2]

    def views(self, today) -> list[dict]:
        """All of them, and the two months that salaries are mostly paid for."""
        this = today.replace(day=1)
        last = (this - timedelta(days=1)).replace(day=1)
        asked = (self.day("from"), self.day("to"))
        views = [(_("All"), None, None), (_("This month"), *_month(this)), (_("Last month"), *_month(last))]
        return [
            {"label": label, "address": self.link(**{"from": first or "", "to": end or ""}),
             "current": asked == (first, end)}
            for label, first, end in views
        ]  # fmt: skip


def _month(first: date) -> tuple[date, date]:
    return first, first.replace(day=monthrange(first.year, first.month)[1])


@require_safe
@for_the_stores_admins
def deductions(request):
    """Every deduction and every reversal, the latest first, and what they come to for each person."""
    table = Deductions(request).fetch()
    page = {"table": table, "views": table.views(clock.today()), "sums": sums_of(table.deductions)}
    return render(request, "orders/deductions.html", page)


@require_safe
@for_the_stores_admins
def export_deductions(request):
    """The same as a file, which says in each line the days that it covers."""
    table, today = Deductions(request), clock.today()
    first, last = table.day("from"), table.day("to") or today
    name = f"salary-deductions-{first}-{last}.csv" if first else f"salary-deductions-until-{last}.csv"
    return as_csv(name, rows_of(table.deductions, first=first, last=last))
