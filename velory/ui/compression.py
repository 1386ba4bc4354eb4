"""Pages go out compressed: a list of devices is six times as large as it need be on a phone's line."""

from django.middleware.gzip import GZipMiddleware

HERE = {"same-origin", "none"}  # the page was asked for from one of ours, from a bookmark, from a mail program


class CompressedPages(GZipMiddleware):
    """HTML that the person asked for; what another site makes their browser fetch goes out as it is.

    Whoever can have pages fetched by the thousand, with words of their own in them, learns from the lengths what else
    stands there (BREACH). Django adds up to 100 bytes by lot; here, such a page has no telling length at all.
    """

    def process_response(self, request, response):
        if is_page(response) and is_asked_for(request):
            return super().process_response(request, response)
        return response


def is_page(response) -> bool:
    """Whether an answer is HTML in one piece; lists as files stream, pictures are small as they are."""
    return not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")


def is_asked_for(request) -> bool:
    """Whether a page of ours or the person's own hand asked for it; an old browser that says neither is believed."""
    return request.headers.get("Sec-Fetch-Site", "none") in HERE or request.headers.get("Sec-Fetch-User") == "?1"
