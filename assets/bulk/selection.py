"""Which devices somebody has chosen in the list: by ticking rows, or all that the list's address asks for."""

from functools import cached_property

from assets.bulk.models import BulkChange
from assets.hardware import Hardware
from assets.models import Device


class Selection:
    """What the form of the hardware table says. A reference that names no device here is kept, and refused by name."""

    def __init__(self, request, *, today):
        self.sent, self.query = request.POST, request.GET
        self.table = Hardware(request, today=today)
        self.is_matching = self.sent.get("scope") == "matching"
        self.by = request.user

    @cached_property
    def again(self):
        """The bulk change whose devices are meant once more; None where they were chosen in the list."""
        return BulkChange.objects.visible_to(self.by).filter(ref=self.sent.get("of", "")[:12].upper()).first()

    @cached_property
    def refs(self) -> list[str]:
        """The ticked rows; where the box in the table's head is ticked, every row that stood there.

        On the pages after the list they come along in one field: a form of thousands of fields is refused unread.
        """
        ticked = self.sent.getlist("device") + self.sent.get("chosen", "").split()
        if self.again:
            ticked += self.again.rows.with_verdict("changed").order_by("number").values_list("ref", flat=True)
        if self.sent.get("page_of"):
            ticked = ticked + self.sent.get("shown", "").split()
        return list(dict.fromkeys(ref.strip().upper()[:40] for ref in ticked if ref.strip() and "\0" not in ref))

    @cached_property
    def devices(self):
        """The chosen devices that are here."""
        return self.table.devices if self.is_matching else Device.objects.referred(self.refs)

    @cached_property
    def missing(self) -> list[str]:
        """References that name no device here."""
        if self.is_matching:
            return []
        known = set(self.devices.values_list("ref", flat=True))
        return [ref for ref in self.refs if ref not in known]

    @cached_property
    def count(self) -> int:
        """How many were chosen, here or not."""
        return self.devices.count() if self.is_matching else len(self.refs)

    @cached_property
    def statuses(self) -> dict[str, int]:
        """How many of each status are among them."""
        counted: dict[str, int] = {}
        for status in self.devices.order_by().values_list("status", flat=True):
            counted[status] = counted.get(status, 0) + 1
        return counted

    @property
    def address_query(self) -> str:
        """The list's address, which comes along with the form."""
        return self.query.urlencode()
