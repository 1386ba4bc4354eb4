"""The web server's own log of what was asked: without the secrets of links (velory/tenancy/logs.py).

Named in `gunicorn.conf.py`, which gunicorn reads wherever it is started in this folder.
"""

from gunicorn.glogging import Logger

from velory.tenancy.logs import without_secrets

ADDRESSES = ("U", "f", "{referer}i")


class AccessLog(Logger):
    """gunicorn's own, with its addresses cut."""

    def atoms(self, resp, req, environ, request_time):
        """The words of a line."""
        words = super().atoms(resp, req, environ, request_time)
        asked = without_secrets(environ.get("RAW_URI") or "-")
        words |= {"r": f"{environ['REQUEST_METHOD']} {asked} {environ['SERVER_PROTOCOL']}", "q": ""}
        words |= {name: without_secrets(words[name]) for name in ADDRESSES if words.get(name)}
        return words | {"{raw_uri}e": asked, "{query_string}e": "", "{path_info}e": asked, "{http_referer}e": "-"}
