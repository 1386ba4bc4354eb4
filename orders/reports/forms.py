"""What a person fills in about an order: its number, and for each line how far it is and which device it will be.

Each field remembers what it was when the page was opened (`…-was`), so that only what somebody has touched is taken,
and two people who report at once do not take back what the other said.
"""

import re
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.lifecycle import OPEN_DELIVERY, Status
from orders.reports.facts import Odd, fact_of
from orders.reports.lines import RANK
from orders.reports.pasting import words_of
from orders.reports.reading import STEPS
from velory.ui.inputs import DayInput

SAYABLE = [status for status in STEPS if status != Status.CANCELLED]
SAYABLE_IN_WORDS = [(status, Status(status).label) for status in SAYABLE]


class Remembering(forms.Form):
    """A form that knows what stood in it when it was opened: `now` is what is true, `seen` what the reader saw."""

    now: dict[str, str]
    data: QueryDict

    def seen(self, name: str) -> str:
        """What stood there when the page was opened."""
        return self.data.get(f"{self.add_prefix(name)}-was", self.now[name]) if self.is_bound else self.now[name]

    def said(self, name: str) -> str:
        """What stands there now."""
        return " ".join(str(self.data.get(self.add_prefix(name), self.seen(name))).split())

    def touched(self, name: str) -> bool:
        """Whether the reader has changed it, and to something else than what is true."""
        return self.said(name) not in (self.seen(name), self.now[name])

    def show_what_is_true(self) -> None:
        """Where nothing was touched the page shows what is true now, not what it was when it was opened."""
        self.data = self.data.copy()
        for name in self.fields:
            if not self.touched(name):
                self.data[self.add_prefix(name)] = self.now[name]

    def refuse_stale(self, name: str) -> None:
        """Somebody else has changed the same thing since; what the reader wrote stays where it is."""
        if self.touched(name) and self.seen(name) != self.now[name]:
            now = self.in_words(name) or "–"
            text = _("Somebody has changed this meanwhile to “%(now)s”. Save again to put yours in its place.")
            self.add_error(name, text % {"now": now})

    def in_words(self, name: str) -> str:
        """What is true now, as the reader would say it."""
        return self.now[name]

    @property
    def memory(self):
        """What the page remembers: names and values of its hidden fields."""
        return [(f"{self.add_prefix(name)}-was", value) for name, value in self.now.items()]


class NumberForm(Remembering):
    """The distributor's own order number: naming it confirms the order."""

    number = forms.CharField(required=False, max_length=80)

    def __init__(self, data=None, *, order, required=False):
        self.now = {"number": order.number}
        self.is_needed = required and order.confirmed_at is None
        super().__init__(data, initial=self.now)
        self.fields["number"].label = _("Order number at %(distributor)s") % {"distributor": order.distributor}

    def clean(self):
        if not self.said("number") and (self.is_needed or self.now["number"]):
            self.add_error("number", _("Write your order number: it confirms the order."))
        _check(self, "number", "order_number")
        self.refuse_stale("number")
        self.show_what_is_true()


class LineForm(Remembering):
    """One device: how far it is, when it comes, how it is tracked, which one it is."""

    status = forms.CharField(label=gettext_lazy("Status"), required=False, widget=forms.Select)
    expected_on = forms.CharField(label=gettext_lazy("Expected delivery"), required=False, widget=DayInput)
    tracking = forms.CharField(label=gettext_lazy("Tracking number or link"), required=False)
    serial = forms.CharField(label=gettext_lazy("Serial number"), required=False)
    imei = forms.CharField(label=gettext_lazy("IMEI"), required=False)

    def __init__(self, data=None, *, line):
        self.line, self.device = line, line.device
        self.now = now_of(line)
        super().__init__(data, prefix=f"line-{line.number}", initial=self.now)
        self.fields["status"].widget.choices = choices_for(self.device.status)
        self.fields["imei"].widget.attrs["inputmode"] = "numeric"

    @property
    def shows_imei(self) -> bool:
        """Phones have one; another device shows it where it was said."""
        return self.device.category.has_imei or bool(self.device.imei)

    def in_words(self, name):
        return (
            str(dict(choices_for(self.device.status)).get(self.now[name], "")) if name == "status" else self.now[name]
        )

    def clean(self):
        self.facts: dict[str, str] = {}
        for name, fact in (("expected_on", "expected_on"), ("serial", "serial"), ("imei", "imei")):
            _check(self, name, fact)
        self._check_status()
        self._check_tracking()
        for name in self.fields:
            if name not in self.errors:
                self.refuse_stale(name)
        self.show_what_is_true()

    def _check_status(self):
        said = self.said("status")
        if self.touched("status") and said not in dict(choices_for(self.device.status)):
            now = self.device.get_status_display()
            self.data = self.data.copy()
            self.data[self.add_prefix("status")] = self.now["status"]
            self.add_error("status", _("It is “%(now)s” meanwhile and can't go back.") % {"now": now})

    def _check_tracking(self):
        """A number, or the address of the carrier's page: the one that is said takes the place of the other."""
        said = self.said("tracking")
        name = "tracking_url" if _is_link(said) else "tracking_number"
        try:
            self.tracked = {name: fact_of(name, with_scheme(said))}
        except Odd as odd:
            if self.touched("tracking"):
                self.add_error("tracking", words_of(odd))

    def body(self) -> dict[str, Any]:
        """What was touched, as a line of a message; nothing where nothing was."""
        line: dict[str, Any] = {
            name: self.said(name) for name in ("status", "expected_on", "serial") if self.touched(name)
        }
        if self.touched("imei"):
            line["imei"] = fact_of("imei", self.said("imei"))
        if self.touched("tracking"):
            line |= self.tracked
            line["clear"] = [name for name in ("tracking_number", "tracking_url") if name not in self.tracked]
        emptied = [name for name in ("expected_on", "serial", "imei") if name in line and not line[name]]
        line = {name: value for name, value in line.items() if value}
        if emptied or "clear" in line:
            line["clear"] = [*line.get("clear", []), *emptied]
        return line


class SameForm(forms.Form):
    """What is said of all devices at once, wherever their own fields say nothing else."""

    status = forms.CharField(label=gettext_lazy("Status"), required=False, widget=forms.Select)
    expected_on = forms.CharField(label=gettext_lazy("Expected delivery"), required=False, widget=DayInput)
    tracking = forms.CharField(label=gettext_lazy("Tracking number or link"), required=False)

    def __init__(self, data=None):
        super().__init__(data, prefix="all")
        self.fields["status"].widget.choices = [("", _("As it stands with each")), *SAYABLE_IN_WORDS]

    def clean_status(self):
        status = self.cleaned_data["status"]
        return status if status in SAYABLE else ""

    def clean_expected_on(self):
        return _fact("expected_on", self.cleaned_data["expected_on"])

    def clean_tracking(self):
        said = " ".join(self.cleaned_data["tracking"].split())
        _fact("tracking_url" if _is_link(said) else "tracking_number", with_scheme(said))
        return said

    def spread(self, data, lines):
        """The data of the page with it filled in, line by line: only what can still be said, and was not touched."""
        said = {name: value for name, value in self.cleaned_data.items() if value}
        data = data.copy() if said else data
        for line in lines:
            own = LineForm(data, line=line)
            sayable = dict(choices_for(line.device.status))
            for name, value in said.items():
                if own.said(name) == own.seen(name) and (name != "status" or value in sayable):
                    data[own.add_prefix(name)] = value
        return data


def now_of(line) -> dict[str, str]:
    """What is known of a line, as its fields show it."""
    device = line.device
    return {
        "status": "" if device.status == Status.ORDERED else device.status,
        "expected_on": line.expected_on.isoformat() if line.expected_on else "",
        "tracking": device.tracking_number or device.tracking_url, "serial": device.serial, "imei": device.imei,
    }  # fmt: skip


def choices_for(status: str) -> list[tuple[str, Any]]:
    """What can still be said of a device: it never goes back."""
    reached = RANK.get(status, 3)
    sayable = [s for s in SAYABLE if RANK[s] >= reached and (status in OPEN_DELIVERY or RANK[s])]
    first = [("", _("No report yet"))] if status == Status.ORDERED else []
    return first + [(s, Status(s).label) for s in sayable]


def _check(form, name, fact):
    if form.touched(name):
        try:
            fact_of(fact, form.said(name))
        except Odd as odd:
            form.add_error(name, words_of(odd))


def _fact(name, said):
    try:
        return fact_of(name, said)
    except Odd as odd:
        raise forms.ValidationError(words_of(odd)) from None


def with_scheme(said: str) -> str:
    """The address of a page as browsers want it; anything else as it is."""
    return f"https://{said}" if _has_no_scheme(said) else said


def _is_link(said):
    """Whether somebody means a page: a scheme, or a host with a path behind it."""
    return bool(re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", said)) or _has_no_scheme(said)


def _has_no_scheme(said):
    return bool(re.match(r"www\.|[\w-]+(\.[\w-]+)*\.[a-z]{2,}/", said))
