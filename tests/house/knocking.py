"""Asking at a door: what a browser of somebody's is answered, and whether two answers are the same to the byte."""

from django.db import transaction

from tests.conftest import Browser


def signed_in(who, host="nordvik.localhost"):
    """The session cookie of somebody who has just signed in."""
    return Browser(HTTP_HOST=host).just_in(who).cookies["session"].value


def knock(path, who=None, *, host="nordvik.localhost", cookie=None):
    """What GET and an empty POST are answered, each to a browser of its own; what the POST did is forgotten."""
    if who is not None:
        cookie = signed_in(who, host)
    answers = []
    for method in ("get", "post"):
        browser = Browser(HTTP_HOST=host)
        if cookie is not None:
            browser.cookies["session"] = cookie
        before = transaction.savepoint_create()
        answers.append(getattr(browser, method)(path))
        transaction.savepoint_rollback(before)
    return answers


def codes(answers):
    return tuple(answer.status_code for answer in answers)


def everything_of(answer):
    """The answer to the byte; a page that may not be kept expires the second it is made, which is not compared."""
    headers = {name: "now" if name == "Expires" else value for name, value in answer.headers.items()}
    return answer.status_code, sorted(headers.items()), answer.content


def missing(ref):
    """A reference of the same form that is nobody's."""
    return ref[:-1] + ("2" if ref[-1] != "2" else "3")
