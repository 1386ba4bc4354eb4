"""Which page stands at which address."""

import re
from urllib.parse import parse_qsl

from velory.demo.stripe.api import Answer, Request
from velory.demo.stripe.asking import bank_page
from velory.demo.stripe.paying import checkout_page
from velory.demo.stripe.selling import opening_page, receipt_page
from velory.demo.stripe.showing import nothing_here, style
from velory.demo.stripe.words import language_of

PAGES = {
    r"/c/pay/(\w+)/?": checkout_page,
    r"/3ds/(\w+)/?": bank_page,
    r"/setup/(\w+)/?": opening_page,
    r"/receipts/(\w+)/?": receipt_page,
}


def answer(standin, request: Request) -> Answer:
    """The page of an address, for whom it is."""
    if request.path == "/style.css":
        return style()
    for address, page in PAGES.items():
        found = re.fullmatch(address, request.path)
        if found:
            form = dict(parse_qsl(request.body.decode(errors="replace"), keep_blank_values=True))
            return page(standin, found[1], request, form if request.method == "POST" else None)
    return nothing_here(language_of(None, request.headers.get("accept-language", "")))
