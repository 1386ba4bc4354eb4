"""What every answer of the product has in common: headers, error pages, the chosen appearance."""

import pytest
from django.conf import settings
from django.test import RequestFactory

from tests.making import a_person, an_admin
from velory.ui import errors

POLICY_WORDS = ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"]


def test_every_page_says_what_a_browser_may_do_with_it(client):
    page = client.get("/there-is-no-such-page/")
    assert page.headers["Cache-Control"] == "no-store"
    assert "HX-Request" in page.headers["Vary"]
    assert "camera=()" in page.headers["Permissions-Policy"]
    assert page.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert all(word in page.headers["Content-Security-Policy"] for word in POLICY_WORDS)
    assert "unsafe" not in page.headers["Content-Security-Policy"]


def test_what_is_missing_looks_the_same_at_every_address(at_their_desk):
    ebba = at_their_desk(a_person("Ebba", "Sjöberg"))
    pages = {ebba.get(address).content for address in ("/devices/D-0000/x/", "/nowhere/", "/hardware.php")}
    assert len(pages) == 1
    assert b"csrf" not in pages.pop()


def test_error_pages_have_a_way_on_and_no_inline_style_or_script(client):
    request = RequestFactory().get("/secret-token/", HTTP_HOST="nordvik.localhost")
    for answer, status in [
        (errors.bad_request, 400),
        (errors.permission_denied, 403),
        (errors.csrf_failure, 403),
        (errors.not_found, 404),
        (errors.server_error, 500),
    ]:
        page = answer(request)
        text = page.content.decode()
        assert page.status_code == status
        assert 'href="/"' in text
        assert "secret-token" not in text
        assert "style=" not in text
        assert "onclick" not in text
        assert "<script>" not in text


def test_more_than_a_page_can_send_is_said_in_a_sentence(at_their_desk):
    desk = at_their_desk(an_admin())
    page = desk.post("/hardware/bulk/", {"device": [f"D-{n:06}" for n in range(7000)], "action": "unassign"})
    assert page.status_code == 400
    assert "choose all that match" in page.content.decode()


@pytest.mark.parametrize("path", ["/account/login/", "/language/", "/account/password/", "/l/some-token/"])
def test_a_body_that_is_far_too_large_is_answered_before_it_is_read(client, path):
    page = client.generic("POST", path, b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(10**9))
    assert page.status_code == 413
    assert "Nothing was saved" in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"


def test_a_broken_page_names_a_reference_that_the_log_knows(caplog):
    page = errors.server_error(RequestFactory().get("/"))
    reference = caplog.messages[-1].split()[2]
    assert reference in page.content.decode()


def test_the_appearance_is_kept_without_an_account(client):
    chosen = client.post("/ui/theme/", {"theme": "dark", "next": "/hardware/?q=galaxy"})
    assert (chosen.status_code, chosen.url) == (303, "/hardware/?q=galaxy")
    assert 'data-theme="velory-dark"' in client.get("/nowhere/").content.decode()
    client.post("/ui/theme/", {"theme": "system"})
    assert "data-theme" not in client.get("/nowhere/").content.decode()


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_a_small_form_leads_back_to_our_own_pages_only(client, address):
    assert client.post("/ui/theme/", {"theme": "dark", "next": address}).url == "/"


def test_the_gallery_is_shut_outside_the_demo_and_development(client, settings):
    settings.DEMO = settings.DEBUG = False
    assert client.get("/ui/").status_code == 404


def test_the_gallery_shows_every_status_of_a_device(client, settings):
    settings.DEBUG = True
    page = client.get("/ui/states/")
    assert page.status_code == 200
    assert page.content.decode().count('class="badge pill') > 96


def test_the_page_names_its_language(client):
    assert settings.LANGUAGE_CODE == "en"
    assert '<html lang="sv"' in client.get("/nowhere/", headers={"accept-language": "sv"}).content.decode()
    assert '<html lang="en"' in client.get("/nowhere/", headers={"accept-language": "en"}).content.decode()


@pytest.mark.parametrize("key", [r'"\000aaaaaaaaaaaaaaaa"', "a" * 5000, "ÅÄÖ" * 12, "A" * 32, "a" * 32])
def test_a_cookie_that_is_no_session_is_nobodys(client, key):
    for path, status in (("/", 302), ("/account/login/", 200)):
        assert client.get(path, HTTP_COOKIE=f"session={key}").status_code == status


@pytest.mark.parametrize("nonsense", ["http://[::1", "//[", "\0", "%ff"])
def test_what_a_browser_says_of_where_it_is_may_be_nonsense(client, at_their_desk, nonsense):
    sent = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": nonsense}
    answer = client.get("/devices/", **sent)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/account/login/?next=%2F")
    desk = at_their_desk(an_admin())
    session = desk.session
    session.pop("said_again_at")
    session.save()
    answer = desk.post("/settings/export/", HTTP_REFERER=nonsense)
    assert answer.url == "/you/again/?next=%2F"
