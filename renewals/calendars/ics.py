"""A feed as RFC 5545 has it. The same facts give the same bytes, so that a calendar program reads them once only."""

from datetime import date, timedelta

import icalendar
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from renewals.calendars.dates import Day, days_of
from renewals.models import CalendarFeed
from velory.tenancy.context import current_company

AGAIN = timedelta(hours=12)


def as_ics(feed: CalendarFeed, *, today: date) -> bytes:
    """The calendar of a feed, in the present language."""
    company, calendar = current_company(), icalendar.Calendar()
    calendar.add("prodid", f"-//Velory//Renewals//{(get_language() or 'en')[:2].upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, _name(feed, company))
    calendar.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT12H")
    for day in days_of(feed, today=today):
        calendar.add_component(_event(day, company))
    return calendar.to_ical()


def _name(feed, company):
    if feed.scope == CalendarFeed.Scope.OWN:
        return _("Your devices at %(company)s") % {"company": company.name}
    return _("Renewals at %(company)s") % {"company": company.name}


def _event(day: Day, company):
    event, link = icalendar.Event(), company.address(f"{day.device.get_absolute_url()}?tab=lifecycle")
    event.add("uid", f"{day.device.ref}.{day.code}@{company.uuid}")
    event.add("dtstamp", day.changed_at.replace(microsecond=0))
    event.add("last-modified", day.changed_at.replace(microsecond=0))
    event.add("sequence", day.version)
    event.add("dtstart", day.on)
    event.add("summary", day.title)
    event.add("description", "\n\n".join(filter(None, [day.text, link])))
    event.add("url", link)
    event.add("transp", "TRANSPARENT")
    return event
