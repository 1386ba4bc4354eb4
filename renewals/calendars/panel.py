"""The calendar addresses on one's own page."""

from typing import Any

from renewals.models import CalendarFeed
from velory.people.panels import own_panel


@own_panel(order=60)
def calendar_addresses(person, *, today):
    """Each kind that a person may have, with its address where there is one."""
    feeds = {feed.scope: feed for feed in CalendarFeed.objects.open().of(person)}
    scopes = [scope for scope in CalendarFeed.Scope if scope == CalendarFeed.Scope.OWN or person.is_admin]
    rows: list[dict[str, Any]] = [{"scope": scope, "feed": feeds.get(scope.value)} for scope in scopes]
    for row in rows:
        if row["feed"]:
            row |= {"address": row["feed"].address(), "opens": row["feed"].address("webcal")}
    return "renewals/_calendar_panel.html", {"rows": rows}
