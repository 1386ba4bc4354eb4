"""Whatever is typed about people and places is kept as text or refused in words, and never runs."""

from urllib.parse import urlencode

import pytest

from tests.making import a_location, a_person, an_admin

HOSTILE = {
    "nothing": "", "blanks": "   ", "hard blank": "\u00a0", "too long": "x" * 81, "far too long": "x" * 300_000,
    "NUL": "nul\0", "surrogate": "\ud800", "turned round": "\u202egnp.exe", "no width": "zero\u200bwidth",
    "script": "<script>alert(1)</script>", "picture": '"><img src=x onerror=alert(1)>', "braces": "{{7*7}}",
    "dollar": "${7*7}", "address": "javascript:alert(1)", "SQL": "'; drop table people_person; --", "percent": "%",
    "underscore": "_", "backslash": "\\", "formula": "=1+1", "at": "@x", "tab formula": "\t=1",
    "header": "a\r\nBcc: x@evil.example", "path": "../../etc/passwd", "number": "9" * 40, "infinity": "1e309",
    "NaN": "NaN", "composed": "Å", "decomposed": "A\u030a", "dotted": "İ", "sharp": "ß", "emoji": "🧑‍🚀" * 20,
}  # fmt: skip
CHOICES = ["email", "role", "language", "location", "team", "first_day_on", "last_day_on", "approver_email", "next"]
TEXTS = ["first_name", "last_name", "phone", "employee_number", "cost_centre", "name", "address", "company"]


@pytest.mark.parametrize("called", HOSTILE)
def test_text_is_text(called, at_their_desk):
    desk, person, place = at_their_desk(an_admin()), a_person(), a_location()
    words = HOSTILE[called].encode("utf-8", "surrogatepass")
    fair = {"email": person.email, "role": "employee", "language": "sv"}
    paths = [
        "/people/new/", f"/people/{person.ref}/edit/", "/locations/", f"/locations/{place.ref}/", "/teams/", "/you/",
        "/you/password/", "/language/",
    ]  # fmt: skip

    for path in paths:
        for sent in (dict.fromkeys(CHOICES + TEXTS, words), fair | dict.fromkeys(TEXTS, words)):
            answer = desk.post(path, urlencode(sent), content_type="application/x-www-form-urlencoded")
            assert answer.status_code in {200, 303, 422}, path

    for path in ("/people/", person.get_absolute_url(), "/locations/", "/teams/"):
        page = desk.get(path).content
        assert b"<script>alert" not in page
        assert b"<img src=x" not in page


@pytest.mark.parametrize(
    "day", ["2027-02-29", "2026-04-31", "0001-01-01", "9999-12-31", "10000-01-01", "29/2/27", "46000"]
)
def test_a_day_is_a_day(day, at_their_desk):
    desk, person = at_their_desk(an_admin()), a_person()
    words = {"first_name": "A", "last_name": "B", "email": person.email, "role": "employee", "language": "sv"}
    for field in ("first_day_on", "last_day_on"):
        answer = desk.post(f"/people/{person.ref}/edit/", words | {field: day})
        assert answer.status_code == 422, field
    assert desk.get(person.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "page=0", "page=-1", "page=1e9", "page=abc", "page=99999999999", "sort=password", "sort=-person__password",
        "role=x", "role=%00", "location=%ff", "view=%00", "q=%00", "q=%F0%9F%92%A9", "role=admin&role=&role=x", "x=1",
    ],
)  # fmt: skip
def test_a_list_has_an_answer_for_every_address(query, at_their_desk):
    assert at_their_desk(an_admin()).get(f"/people/?{query}").status_code == 200
