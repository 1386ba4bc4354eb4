"""The requests as a list: what waits for the reader's answer, and everything else that they may see."""

from functools import cached_property

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.models import Category
from orders.lifecycle import RequestStatus
from orders.models import ProductRequest, StoreSettings
from orders.requests.waiting import visible_to, waiting_for
from velory.ui.tables import Table

SORTS = {
    "sent": ("sent_at",),
    "requester": ("requester__last_name", "requester__first_name"),
    "for": ("person__last_name", "person__first_name", "space__name"),
}
WAITING, OWN, ALL = "", "own", "all"
SHORTER = {RequestStatus.PAYMENT_NEEDED: gettext_lazy("Payment needed")}  # for a tab: all of them stand in one row


class Requests(Table):
    """The list as its address tells it, for one reader on one day."""

    def __init__(self, request, *, today):
        super().__init__(request, sorts=SORTS, default="-sent", filters=("category",))
        self.reader, self.today = request.user, today
        self.waiting = waiting_for(self.reader, today=today)
        self.own = ProductRequest.objects.concerning(self.reader)
        asked = request.GET.get("view", WAITING)
        known = {view["code"] for view in self.views}
        self.view = asked if asked in known else self.views[0]["code"]

    @cached_property
    def waits(self) -> int:
        """How many wait for the reader's answer."""
        return self.waiting.count()

    @property
    def is_told_daily(self) -> bool:
        """Whether a mail at 16:00 says what waits; asked where nothing does."""
        return StoreSettings.here().requests_digest

    @cached_property
    def answers(self) -> bool:
        """Whether the reader has anything to do with others' requests; else they see their own alone."""
        seen = visible_to(self.reader, today=self.today).exclude(Q(requester=self.reader) | Q(person=self.reader))
        return self.reader.is_admin or seen.exists()

    @cached_property
    def views(self) -> list[dict]:
        """The tabs above the list: what waits first, then the rest by status."""
        own = {"code": OWN, "label": _("Your own"), "count": self.own.count()}
        if not self.answers:
            return [own]
        of_status = dict(self._visible.values_list("status").annotate(n=Count("pk")).order_by())
        by_status = [
            {
                "code": str(status),
                "label": SHORTER.get(RequestStatus(status), label),
                "count": of_status.get(str(status), 0),
            }
            for status, label in RequestStatus.choices
        ]
        waiting = {"code": WAITING, "label": _("To approve"), "count": self.waits}
        everything = {"code": ALL, "label": _("All requests"), "count": sum(of_status.values())}
        return [waiting, *by_status, everything, own]

    @property
    def tabs(self) -> list[dict]:
        """The views as links; none where there is but one."""
        if len(self.views) == 1:
            return []
        return [v | {"address": self.link(view=v["code"]), "current": v["code"] == self.view} for v in self.views]

    @cached_property
    def _visible(self):
        return visible_to(self.reader, today=self.today)

    def fetch(self):
        """The page's rows, with what they show."""
        return self.show(self._narrowed(self._in_view()).with_what_a_list_shows())

    def _in_view(self):
        if self.view == WAITING:
            return self.waiting
        if self.view == OWN:
            return self.own
        return self._visible if self.view == ALL else self._visible.filter(status=self.view)

    def _narrowed(self, found):
        found = found.matching(self.q)
        if chosen := self.chosen("category"):
            found = found.asking_for(chosen)
        return found

    @property
    def menus(self) -> list[tuple]:
        """The filters with their choices."""
        return [("category", _("Category"), [(c.code, str(c)) for c in Category.objects.order_by("pk")])]
