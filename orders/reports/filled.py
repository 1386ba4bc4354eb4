"""A whole page as somebody filled it in: the order's number, its lines, what was pasted; and the message it makes."""

from typing import Any

from django.utils.translation import gettext as _

from orders.models import Order
from orders.reports.forms import LineForm, NumberForm, SameForm
from orders.reports.lines import UNDER_WAY
from orders.reports.numbers import devices_with
from orders.reports.pasting import MOST_BYTES, Row, decoded, rows_of, taken_by


class Filled:
    """What stands in the fields. Without `data` it is an empty page; `needs_number` where saving confirms the order."""

    def __init__(self, order: Order, lines: list, data=None, files=None, *, needs_number: bool = True):
        self.order, self.lines, self.is_bound = order, lines, data is not None
        self.number = NumberForm(data, order=order, required=needs_number)
        open_lines = [line for line in lines if line.device.status in UNDER_WAY]
        self.same = SameForm(data)
        if self.is_bound and self.same.is_valid():
            data = self.same.spread(data, open_lines)
        self.forms = {line.number: LineForm(data, line=line) for line in open_lines}
        self.file_fault = ""
        self.pasted = self._pasted(data, files or {}) if data is not None else ""
        self._rows: list[Row] | None = None

    def _pasted(self, data, files):
        """What stands in the box, and what was chosen as a file: so that nothing is lost when the page comes again."""
        text = data.get("paste", "")[:MOST_BYTES]
        file = files.get("file")
        if file is None:
            return text
        content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES or content[:4] in (b"PK\x03\x04", b"%PDF"):
            self.file_fault = _("This is no CSV file, or a very large one. Save the list as CSV, or paste it.")
            return text
        return "\n".join(filter(None, [text.rstrip(), decoded(content).replace("\0", "")]))

    @property
    def rows(self) -> list[Row]:
        """What was pasted, row by row."""
        if self._rows is None:
            open_lines = [form.line for form in self.forms.values()]
            self._rows = rows_of(self.pasted, open_lines)
            for row in self._rows:
                self._refuse_contradiction(row)
        return self._rows

    def _refuse_contradiction(self, row):
        """The same line, in its own fields, says something else."""
        form = row.line and self.forms[row.line.number]
        for name in ("serial", "imei"):
            pasted = row.facts.get(name, "").upper()
            if form and not row.fault and pasted and form.touched(name) and form.said(name).upper() != pasted:
                row.fault = _("Line %(line)s says something else above.") % {"line": row.line.number}

    @property
    def refused(self) -> list[Row]:
        """The rows that stay in the box."""
        return [row for row in self.rows if row.fault]

    def is_valid(self) -> bool:
        """Whether all that was typed can be taken. Rows that were pasted stand for themselves."""
        valid = [form.is_valid() for form in (self.number, self.same, *self.forms.values())]
        return not self._twins() and all(valid) and not self.file_fault

    def _twins(self):
        """Numbers that were typed and belong to another device."""
        found = False
        for name in ("serial", "imei"):
            typed = [form for form in self.forms.values() if form.touched(name) and form.said(name)]
            owners = devices_with(name, [form.said(name) for form in typed]) if typed else {}
            for form in typed:
                twin = self._twin(form, name, owners.get(form.said(name).upper()))
                if twin and name not in form.errors:
                    form.add_error(name, twin)
                    found = True
        return found

    def _twin(self, form, name, owner):
        said = form.said(name).upper()
        for other in self.forms.values():
            if other is not form and other.said(name).upper() == said:
                return taken_by(other.line)
        changing = {f.device.pk for f in self.forms.values() if f.touched(name)}
        if owner is None or owner == form.device.pk or owner in changing:
            return ""
        return taken_by(next((line for line in self.lines if line.device.pk == owner), None))

    def body(self) -> dict[str, Any]:
        """The message that it makes; empty where nothing is new."""
        lines = {number: form.body() for number, form in self.forms.items()}
        extras = []
        for row in self.rows:
            if not row.fault and row.line is None:
                extras.append(row.facts)
            elif not row.fault:
                lines[row.line.number] |= {n: v for n, v in row.facts.items() if v != getattr(row.line.device, n)}
        said = {
            "order_number": self.number.said("number") if self.number.touched("number") else "",
            "lines": [{"line": number} | line for number, line in lines.items() if line],
            "extra_devices": extras,
        }
        return {name: value for name, value in said.items() if value}
