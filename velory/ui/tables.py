"""What list pages share: search, filters, sorting and paging, all of it in the address."""

from functools import cached_property
from urllib.parse import urlencode

from velory.ui.inputs import whole_number

SIZE = 25


class Table:
    """The state of one list page as its address tells it, and the rows that stand on the page.

    `sorts` maps the key in the address to the fields behind it; keys that are not there fall back to `default`.
    A leading minus in the address turns the order round. Every order ends in the primary key, so that pages
    neither repeat nor lose a row. `query` stands in for the address where the address only names what is asked.
    """

    def __init__(self, request, *, sorts: dict, default: str, filters=(), size: int = SIZE, query=None):
        self.path = request.path
        self.query = request.GET if query is None else query
        self.sorts = sorts
        self.filters = tuple(filters)
        self.size = size
        asked = self.query.get("sort", "")
        self.sort = asked if asked.removeprefix("-") in sorts else default

    # What the address says

    @cached_property
    def q(self) -> str:
        """What is searched for, without blanks around it; never longer than a name can be."""
        return self.query.get("q", "").replace("\0", "").strip()[:100]

    def chosen(self, key: str) -> list[str]:
        """The ticked values of a filter."""
        return [value for value in self.query.getlist(key) if value and "\0" not in value][:50]

    @property
    def is_narrowed(self) -> bool:
        """Whether a search or a filter is on."""
        return bool(self.q) or any(self.chosen(key) for key in self.filters)

    # The rows

    def show(self, rows, *, count: int | None = None):
        """Take the rows of this page from a queryset; give `count` where it is known more cheaply."""
        self.count = rows.count() if count is None else count
        self.last_page = max(1, -(-self.count // self.size))
        self.page = min(self._asked_page(), self.last_page)
        start = (self.page - 1) * self.size
        self.rows = list(rows.order_by(*self.order())[start : start + self.size])
        self.first = start + 1 if self.rows else 0
        self.last = start + len(self.rows)
        return self

    def order(self) -> list[str]:
        """The fields to order by."""
        fields = self.sorts[self.sort.removeprefix("-")]
        fields = [fields] if isinstance(fields, str) else list(fields)
        if self.sort.startswith("-"):
            fields = [_turned(field) for field in fields]
        return [*fields, "-pk" if self.sort.startswith("-") else "pk"]

    def _asked_page(self) -> int:
        return whole_number(self.query.get("page", ""), digits=8) or 1

    # Links that keep the rest of the address

    def link(self, **changes) -> str:
        """This list with something else asked of it; an empty value takes the key away, and so does the first page."""
        kept = [(key, value) for key in self.query for value in self.query.getlist(key) if value]
        kept = [(key, value) for key, value in kept if key not in changes and key != "page"]
        added = [(key, value) for key, value in changes.items() if value not in ("", None)]
        query = urlencode(kept + added)
        return f"{self.path}?{query}" if query else self.path

    @property
    def cleared_link(self) -> str:
        """This list without search and filters."""
        return self.link(q="", **dict.fromkeys(self.filters, ""))

    @property
    def has_other_pages(self) -> bool:
        return self.last_page > 1

    @property
    def previous_link(self) -> str:
        return self.link(page=self.page - 1 if self.page > 2 else "") if self.page > 1 else ""

    @property
    def next_link(self) -> str:
        return self.link(page=self.page + 1) if self.page < self.last_page else ""

    def column(self, key: str) -> dict:
        """A sortable column's link, and its order where the list is sorted by it."""
        if self.sort == key:
            return {"link": self.link(sort=f"-{key}"), "order": "ascending"}
        return {"link": self.link(sort=key), "order": "descending" if self.sort == f"-{key}" else ""}

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What a search form must keep that is not in it: the view, the sorting."""
        own = {"q", "page", *self.filters}
        return [(key, value) for key in self.query if key not in own for value in self.query.getlist(key) if value]


def _turned(field: str) -> str:
    return field.removeprefix("-") if field.startswith("-") else f"-{field}"
