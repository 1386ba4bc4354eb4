"""Makers: people who sign in, and what they do at the sign-in pages."""

import re

from tests.conftest import Browser
from tests.making import a_person
from velory.post.models import Letter

PASSWORD = "tre blå hästar"
OTHER = "fyra gröna katter"


def with_a_password(person):
    """The same person, who signs in with PASSWORD."""
    person.set_password(PASSWORD)
    person.save()
    return person


def somebody(**facts):
    """A person who signs in with a password."""
    return with_a_password(a_person(**facts))


def a_browser(host="nordvik.localhost"):
    return Browser(HTTP_HOST=host)


def sign_in(browser, who, password=PASSWORD, **rest):
    """With a password; `who` is a person, or the address that is typed."""
    return browser.post("/account/login/", {"login": getattr(who, "email", who), "password": password, **rest})


def is_in(browser):
    return browser.get("/you/").status_code == 200


def ask_for_code(browser, email):
    return browser.post("/account/code/", {"email": email})


def ask_for_reset(browser, email, **headers):
    return browser.post("/account/password/", {"email": email}, **headers)


def the_letter(template):
    return Letter.objects.get(template=f"people/{template}")


def path_of(link):
    """A letter's link as a browser at that host asks for it."""
    return re.sub(r"^https?://[^/]+", "", link)
