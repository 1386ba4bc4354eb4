"""The overview as a reader compares it with the lists behind it: every number with a link, and what stands there."""

import re
from html import unescape
from urllib.parse import urldefrag


def figures_of(page) -> list[tuple[str, int, str]]:
    """Every link of a page that says how many it counts: its address, the number, and its words."""
    found = re.findall(r'<a\b([^>]*\bdata-counts="(\d+)"[^>]*)>(.*?)</a>', page.text, re.DOTALL)
    return [(unescape(re.search(r'href="([^"]+)"', tag)[1]), int(number), words) for tag, number, words in found]


def numbers_of_tables(page) -> list[tuple[str, int, str]]:
    """Every link of a table's cell that is a number: its address, the number, and the number again."""
    cells = re.findall(r'<td[^>]*>\s*<a\b[^>]*href="([^"]+)"[^>]*>\s*(\d+)', page.text)
    return [(unescape(address), int(number), number) for address, number in cells]


def count_behind(browser, address: str) -> int:
    """How many a list says that it has: the part that the address names, else the list as a whole."""
    path, part = urldefrag(address)
    page = browser.get(path, follow=True)
    assert page.status_code == 200, (address, page.status_code)
    text = page.text.partition("<main")[2]
    if "?tab=" in path:
        return 1  # the thing itself
    if part:
        assert f'id="{part}"' in text, address
        text = text.partition(f'id="{part}"')[2]
        count = re.search(r'<span class="count">(\d+)', text)
    else:
        count = re.search(r'role="status"[^>]*>\s*(?:<strong[^>]*>)?\s*(\d+)', text)
    assert count, f"{address} does not say how many it has"
    return int(count[1])
