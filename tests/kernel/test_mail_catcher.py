"""The demo's mail catcher shows every letter as its recipient would see it, with links that work."""

import io

import pytest
from django.core import mail

from tests.conftest import Browser
from tests.kernel.posting import a_kind, a_letter, post_is_sent
from tests.making import a_person
from velory.demo import caught
from velory.demo.mailcatcher import Catcher
from velory.post.letters import Attachment


@pytest.fixture(autouse=True)
def catcher(tmp_path, settings, monkeypatch):
    """The catcher's pages stand at the platform's host here; outside the demo they stand nowhere."""
    settings.DEMO_STATE = tmp_path
    settings.PUBLIC_SCHEMA_URLCONF = "velory.demo.mail_urls"
    a_kind(monkeypatch)
    return Catcher(tmp_path / "mail")


def caught_from_the_outbox(catcher, times=1):
    """What is in Django's test outbox reaches the catcher, as often as said."""
    for message in mail.outbox:
        for _ in range(times):
            name = catcher.take(message.message().as_bytes(), "velory@localhost", ["x@y.example"])
    return name


@pytest.fixture
def browser():
    return Browser(HTTP_HOST="localhost")


def test_every_letter_stands_there_latest_first(at, catcher, browser):
    a_letter(a_person("Ebba", "Nyström"), at, key="1")
    post_is_sent(at)
    at("2026-11-23T08:00")
    a_letter(a_person("Örjan", "Jensen"), at, key="2")
    post_is_sent(at)
    caught_from_the_outbox(catcher)
    page = browser.get("/").text
    assert "2 letters" in page
    assert page.index("Örjan Jensen") < page.index("Ebba Nyström")
    assert "Örjan" not in browser.get("/?q=lind").text


def test_one_that_came_twice_is_one_and_says_so(at, catcher, browser):
    a_letter(a_person(), at)
    post_is_sent(at)
    name = caught_from_the_outbox(catcher, times=2)
    assert "1 letter<" in browser.get("/").text
    assert "It came 2 times" in browser.get(f"/{name}/").text


def test_what_is_attached_can_be_taken_along(at, catcher, browser, monkeypatch):
    class Kept:
        def open(self, mode):
            return io.BytesIO(b"%PDF-1.7 label")

    a_kind(monkeypatch, attaches=lambda letter: [Attachment("return-label.pdf", "application/pdf", Kept())])
    a_letter(a_person(), at)
    post_is_sent(at)
    name = caught_from_the_outbox(catcher)

    assert "return-label.pdf" in browser.get(f"/{name}/").text
    answer = browser.get(f"/{name}/files/0/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 label"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="return-label.pdf"'
    assert browser.get(f"/{name}/files/1/").status_code == 404


def test_a_letter_shows_both_parts_and_its_links(at, catcher, browser):
    a_letter(a_person("Ebba", language="en"), at)
    post_is_sent(at)
    name = caught_from_the_outbox(catcher)
    page = browser.get(f"/{name}/").text
    assert '<a class="link break-all" href="https://example.test/somewhere/">' in page
    assert "Hello Ebba," in page
    assert "Auto-Submitted: auto-generated" in page
    frame = browser.get(f"/{name}/html/")
    assert '<base target="_blank">' in frame.text
    assert "sandbox allow-popups" in frame.headers["Content-Security-Policy"]
    assert "script-src" not in frame.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["0" * 32, "etc-passwd", "mail", "x" * 500])
def test_what_was_never_caught_is_not_there(browser, name):
    assert browser.get(f"/{name}/").status_code == 404
    assert browser.get(f"/{name}/html/").status_code == 404


def test_with_no_letter_yet_it_says_so(browser):
    assert "No letters yet" in browser.get("/").text


def test_a_letter_without_date_or_parts_is_readable_too(catcher, browser):
    name = catcher.take(
        b"From: a@b.example\r\nTo: c@d.example\r\nDate: soon\r\n\r\nhej", "a@b.example", ["c@d.example"]
    )
    assert browser.get(f"/{name}/").status_code == 200
    assert caught.letter(name).text == "hej"
    assert caught.letter(name).html == ""
