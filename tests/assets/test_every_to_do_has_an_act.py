"""Whatever waits for the admins is worked off from its list: each row has a button, or leads to the page that has one.

A journey presses them without a mouse where the demo has such a to-do (tests/journeys/test_the_to_dos_by_keyboard.py);
here all are asked for.
"""

import re
from html import unescape
from urllib.parse import urldefrag

from tests.assets.test_the_overview_ties_out import CODES, everything_waits
from tests.making import a_lessor, an_admin
from velory import clock
from velory.payments.models import Payee
from velory.ui.todos import todos

ROWS = re.compile(r"<tbody\b[^>]*>.*?</tbody>|<li\b[^>]*>.*?</li>", re.DOTALL)
BUTTON = re.compile(r'<form\b[^>]*(?:method="post"|action="[^"]*/choice/")[^>]*>(?:(?!</form>).)*?<button\b', re.DOTALL)
LINK = re.compile(r'<a\b[^>]*href="([^"#]+)[^"]*"')


def list_behind(desk, address):
    """What stands on the part of a page to which an address leads."""
    path, part = urldefrag(unescape(address))
    page = desk.get(path, follow=True)
    text = page.text.partition("<main")[2].partition("</main>")[0]
    return text.partition(f'id="{part}"')[2].partition("</section>")[0] if part else text


def can_be_done(desk, address):
    """Whether a row of a list has a button, or leads to a page that has one."""
    text = list_behind(desk, address)
    rows = " ".join(ROWS.findall(text))
    if BUTTON.search(rows) or (not rows and BUTTON.search(text)):
        return True
    there = [link for link in LINK.findall(rows or text) if link.startswith("/")]
    return any(BUTTON.search(list_behind(desk, link)) for link in dict.fromkeys(there[:6]))


def test_each_thing_that_can_wait_can_be_done_from_its_list(at, stripe, at_their_desk, monkeypatch):
    everything_waits(at, stripe, at_their_desk, monkeypatch)
    Payee.objects.filter(name="DLL").update(key=f"partner/{a_lessor('DLL').ref}")
    desk = at_their_desk(an_admin())
    waiting = {todo.code: todo.url for todo in todos(today=clock.today())}
    assert set(waiting) == CODES
    assert [code for code, address in waiting.items() if not can_be_done(desk, address)] == []
