"""No line of a log opens anything: the secrets of links are cut out of it (reliability R91)."""

import logging
from types import SimpleNamespace

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from gunicorn.config import Config

from velory.access_log import AccessLog
from velory.tenancy.logs import CompanyFilter, without_secrets

TOKEN = "mF_9.B5f-4.1JqM~mF_9.B5f-4.1JqM0"
FORMAT = "%(h)s %(r)s %(U)s %(q)s %(f)s %({referer}i)s %({raw_uri}e)s %({query_string}e)s %({http_referer}e)s"

SHOWN = [
    (f"/l/{TOKEN}/", "/l/mF_…/"),
    (f"/partner/{TOKEN}/release/", "/partner/mF_…/release/"),
    (f"/calendar/{TOKEN}.ics", "/calendar/mF_…"),
    (f"/account/password/7K4M2222/{TOKEN}/", "/account/password/7K4M2222/mF_…/"),
    ("/account/with/ID-222222/back/?code=abc&state=x", "/account/with/ID-222222/back/?code=…&state=…"),
    ("/hardware/?q=Ebba+Sj%C3%B6berg&page=2", "/hardware/?q=…&page=…"),
    (f"/?{TOKEN}", "/?…=…"),
    ("/devices/D-7K4M/assign/", "/devices/D-7K4M/assign/"),
    ("/static/build/js/passkeys.0123456789abcdef0123.js", "/static/build/js/passkeys.0123456789abcdef0123.js"),
    ("https://nordvik.example/welcome/" + TOKEN, "https://nordvik.example/welcome/mF_…"),
    ("http://[::1/", "…"),
    ("-", "-"),
]


@pytest.mark.parametrize(("address", "shown"), SHOWN)
def test_an_address_is_shown_without_what_opens_it(address, shown):
    assert without_secrets(address) == shown


def test_no_address_of_ours_is_cut_that_holds_no_secret():
    def words(patterns):
        for each in patterns:
            yield from str(each.pattern).split("/")
            if isinstance(each, URLResolver):
                yield from words(each.url_patterns)
            assert isinstance(each, URLResolver | URLPattern)

    known = {word for word in words(get_resolver("velory.urls").url_patterns) if word and "<" not in word}
    assert [word for word in sorted(known) if without_secrets(f"/{word}/") != f"/{word}/"] == []


def test_the_web_server_writes_no_secret(caplog):
    config = Config()
    config.set("accesslog", "-")
    config.set("access_log_format", FORMAT)
    log = AccessLog(config)
    environ = {
        "REQUEST_METHOD": "GET", "RAW_URI": f"/l/{TOKEN}/?x={TOKEN}", "SERVER_PROTOCOL": "HTTP/1.1",
        "PATH_INFO": f"/l/{TOKEN}/", "QUERY_STRING": f"x={TOKEN}", "HTTP_REFERER": f"https://a.example/l/{TOKEN}/",
        "REMOTE_ADDR": "192.0.2.1",
    }  # fmt: skip
    asked = SimpleNamespace(headers=[("REFERER", environ["HTTP_REFERER"])])
    told = SimpleNamespace(status="200 OK", headers=[], sent=1)
    words = log.atoms_wrapper_class(log.atoms(told, asked, environ, SimpleNamespace(seconds=0, microseconds=0)))
    line = FORMAT % words
    assert TOKEN not in line
    assert "GET /l/mF_…/?x=… HTTP/1.1" in line


def test_what_django_says_of_a_request_is_cut_too():
    said = ("no cookie", f"/l/{TOKEN}/")
    record = logging.LogRecord("django.security.csrf", logging.WARNING, "", 0, "Forbidden (%s): %s", said, None)
    assert CompanyFilter().filter(record)
    assert record.getMessage() == "Forbidden (no cookie): /l/mF_…/"
