"""Makers for the screens: devices brought to where a test needs them, and what stands on a page."""

import re
from html import unescape

from django.contrib.messages import get_messages

from assets import guards
from assets.models import Category, Device
from tests.making import an_admin, an_external_device, an_integrated_distributor
from velory import clock
from velory.journal.steps import entry_for


def an_ordered_device(to, status="shipped", **facts):
    """A device on its way, as an order makes it."""
    defaults = {
        "name": "Dell dock WD22TB4", "category": Category.objects.get(code="accessories"),
        "distributor": an_integrated_distributor(), "registered_at": clock.now(),
    }  # fmt: skip
    device = Device.objects.create(status=status, version=1, holder=to, **defaults | facts)
    entry_for(device, "register", by=None, role="system", at=clock.now()).save(force_insert=True)
    device.holdings.create(person=to, from_at=clock.now())
    return device


def a_started_device(to, monkeypatch, **facts):
    """A device from a distributor outside the store, whose process has been started: return pending."""
    monkeypatch.setitem(guards._answers, "renewal_can_start", lambda device, **asked: None)
    device = an_external_device(to, **facts)
    device.start_renewal(by=an_admin())
    return device


def a_returned_device(to, monkeypatch, **facts):
    """A device that waits to be released."""
    device = a_started_device(to, monkeypatch, **facts)
    device.confirm_return(by=an_admin())
    return device


def words(page):
    """What a reader sees of a page, without the marks, with single blanks."""
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", page.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def flashes(response):
    """What the next page will say is true."""
    return [str(message) for message in get_messages(response.wsgi_request)]
