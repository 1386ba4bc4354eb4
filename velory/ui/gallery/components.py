"""Every component with something in it."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

from django import forms
from django.utils.translation import gettext as _

from velory.journal.reason import Reason
from velory.ui.charts import Bar, Chart, Fill
from velory.ui.tables import Table

TODAY = date(2026, 11, 22)


def everything(request) -> dict:
    """What the page of components is given."""
    sample = SampleForm({"serial": "", "imei": "35440268599528", "category": "phones"}, prefix="sample")
    sample.fields["serial"].required = False
    sample.add_error("imei", "14 digits; an IMEI has 15. The last one is missing.")
    return {
        "form": sample,
        "thing": Sample(),
        "open_step": offer(_("Confirm return")),
        "shut_step": offer(
            _("Mark as released"),
            Reason("not_confirmed", "The return isn’t confirmed yet.", who="3 Step IT does that."),
        ),
        "stages": STAGES,
        "chart": CHART,
        "links": LINKS,
        "filters": [("active", "Active"), ("shipped", "Shipped")],
        "table": Table(request, sorts={"name": "name", "renewal": "renewal_on"}, default="renewal").show(Rows(61)),
        "price": Decimal("1667.25"),
        "soon": TODAY + timedelta(days=22),
        "late": TODAY - timedelta(days=37),
        "day": TODAY,
        "messages": [Message("success", "VO-1042 is on its way to Dustin."), Message("warning", "It has moved on.")],
        "conflict": {"thing": Sample(), "reason": MOVED_ON, "address": "/ui/"},
        "page_about": SimpleNamespace(title="Find a device", language="en", get_absolute_url=lambda: "/ui/#about"),
        "effects": [{"icon": "user", "text": "Zoë Nielsen is no longer its holder."}],
        "step": SimpleNamespace(label="Remove device"),
        "step_form": NoteForm({"why": ""}),
        "refused": RefusedForm({"note": "x"}),
        "arts": ["phone", "laptop", "tablet", "screen", "accessory"],
    }


class Sample:
    """Stands in for a device."""

    ref = "D-7K4M"
    version = 3
    status = "return_pending"

    def __str__(self):
        return "iPhone 15, 128 GB"

    def get_absolute_url(self):
        return "/ui/#"


class Rows:
    """Stands in for a queryset."""

    def __init__(self, number):
        self.number = number

    def count(self):
        return self.number

    def order_by(self, *fields):
        return list(range(self.number))


class SampleForm(forms.Form):
    """One field of each kind."""

    serial = forms.CharField(label="Serial number", help_text="On the box, or under Settings, About")
    imei = forms.CharField(label="IMEI", help_text="15 digits")
    category = forms.ChoiceField(label="Category", choices=[("phones", "Phones"), ("computers", "Computers")])
    file = forms.FileField(label="CSV file", required=False)
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    outcome = forms.ChoiceField(
        label="Outcome", widget=forms.RadioSelect, choices=[("whole", "Whole"), ("damaged", "Damaged")]
    )
    repair = forms.BooleanField(label="Device in need of repair?", help_text="IT gets a mail when you save")


class NoteForm(forms.Form):
    """What a step asks for."""

    why = forms.CharField(label="Why", widget=forms.Textarea(attrs={"rows": 2}))


class RefusedForm(forms.Form):
    """A form that is wrong as a whole."""

    note = forms.CharField(label="Note", required=False)

    def clean(self):
        """It never fits."""
        raise forms.ValidationError("The last day is before the first.")


class Message(SimpleNamespace):
    """Stands in for a flash message."""

    def __init__(self, level_tag, words):
        super().__init__(level_tag=level_tag, words=words)

    def __str__(self):
        return self.words


MOVED_ON = Reason("moved_on", "It has moved on meanwhile: somebody else was first.")


def offer(label, reason=None):
    """Stands in for what `thing.offers()` gives."""
    return SimpleNamespace(
        name=label.lower().replace(" ", "_"), label=label, reason=reason, step=SimpleNamespace(asks=(), danger=False)
    )


STAGES = [
    {"state": "past", "title": "Received, in use", "when": "14 Dec 2024", "note": "24 months with 3 Step IT"},
    {"state": "now", "title": "Final choice", "when": "Open since 14 Nov 2026", "note": "Waits for you."},
    {"state": "future", "title": "Renewal date", "when": "14 Dec 2026, in 22 days", "note": ""},
]
CHART = Chart(
    "sample",
    title="Renewals by month, November 2026 to April 2027",
    description="Stacked bars, one a month. The table has every number.",
    fills=[
        Fill("buyout", "Buy-out"), Fill("maybe-buyout", "Preliminary buy-out"), Fill("return", "Return"),
        Fill("maybe-return", "Preliminary return"), Fill("started", "Process started"), Fill("keep", "Trade-in"),
        Fill("open", "Not chosen yet"),
    ],
    bars=[
        Bar({"buyout": 3, "return": 2, "started": 2, "keep": 1, "open": 3}, "Nov", "N", "2026"),
        Bar({"buyout": 6, "maybe-buyout": 4, "return": 4, "maybe-return": 5, "open": 9}, "Dec", "D"),
        Bar({"maybe-buyout": 5, "maybe-return": 3, "open": 16}, "Jan", "J", "2027"),
        *(Bar({"open": number}, name, name[0]) for name, number in (("Feb", 17), ("Mar", 19), ("Apr", 12))),
    ],
)  # fmt: skip
LINKS = [
    {"label": "All", "address": "#all", "current": False, "count": 455},
    {"label": "Renewals", "address": "#renewals", "current": True, "count": 61},
    {"label": "Needs repair", "address": "#needs-repair", "current": False, "count": 4},
    {"label": "Activity", "address": "#activity", "current": False},
]
