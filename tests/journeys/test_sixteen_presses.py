"""Sixteen presses of *Start the process* at once: one success, fifteen 409 pages, one entry, one notice (R40)."""

import http.cookiejar
import re
import threading
import urllib.error
import urllib.parse
import urllib.request

import pytest

pytestmark = pytest.mark.browser
HOLDER, NUMBER = "lena.nguyen@nordvik.example", "D-00079"


class Browser:
    """Somebody without a screen: cookies, forms, and redirects that are not followed."""

    def __init__(self, demo, host="nordvik"):
        self.demo, self.host = demo, host
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies), Stay())

    def ask(self, path, fields=None):
        request = urllib.request.Request(self.demo.url(self.host, path))
        data = None
        if fields is not None:
            data = urllib.parse.urlencode(fields).encode()
            request.add_header("Origin", self.demo.url(self.host, "").rstrip("/"))
        try:
            with self.opener.open(request, data, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read().decode()

    def token(self, path):
        return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.ask(path)[1])[1]

    def sign_in(self, email):
        token = self.token("/account/login/")
        fields = {"csrfmiddlewaretoken": token, "login": email, "password": "velory-demo"}
        assert self.ask("/account/login/", fields)[0] in {302, 303}
        return self


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


@pytest.fixture(autouse=True)
def names_of_this_machine(monkeypatch):
    """`nordvik.localhost` is this machine, also where the resolver does not know it."""
    import socket

    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *rest, **more: real("127.0.0.1" if host.endswith("localhost") else host, *rest, **more),
    )


def test_one_wins_and_fifteen_are_told(demo):
    device = demo.json("device", "--company", "nordvik", NUMBER, "--json")
    path = f"/devices/{device['ref']}/start_renewal/"
    browsers = [Browser(demo).sign_in(HOLDER) for _number in range(2)]
    tokens = [browser.token(f"/devices/{device['ref']}/") for browser in browsers]
    answers, gun = [], threading.Barrier(16)

    def press(number):
        browser = browsers[number % 2]
        gun.wait()
        version = len(device["journal"])
        answers.append(browser.ask(path, {"csrfmiddlewaretoken": tokens[number % 2], "version": version}))

    threads = [threading.Thread(target=press, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(status for status, _page in answers) == [303] + [409] * 15
    assert all("<html" in page for status, page in answers if status == 409)
    after = demo.json("device", "--company", "nordvik", NUMBER, "--json")
    assert [entry["step"] for entry in after["journal"]].count("start_renewal") == 1
    notices = [m for m in demo.json("mails", "--company", "nordvik", "--json") if "distributor" in m["template"]]
    assert len([m for m in notices if device["serial"] in m["subject"] or device["ref"] in m["key"]]) == 1, notices


def test_everybody_else_stands_before_a_door(demo):
    device = demo.json("device", "--company", "nordvik", "D-00285", "--json")
    path = f"/devices/{device['ref']}/start_renewal/"

    colleague = Browser(demo).sign_in("anna.sharma@nordvik.example")
    fields = {"csrfmiddlewaretoken": colleague.token("/you/"), "version": 1}
    assert colleague.ask(path, fields)[0] == 404
    assert colleague.ask(f"/devices/{device['ref']}/")[0] == 404

    stranger = Browser(demo, "saimaa").sign_in("axel.hassan@saimaa.example")
    fields = {"csrfmiddlewaretoken": stranger.token("/you/"), "version": 1}
    assert stranger.ask(path, fields)[0] == 404

    nobody = Browser(demo)
    assert nobody.ask(f"/devices/{device['ref']}/")[0] == 302
    assert demo.json("device", "--company", "nordvik", "D-00285", "--json")["status"] == "active"
