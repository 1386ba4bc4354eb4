"""What a phone fetches before it shows a page takes little more than half a second of a slow line (1.6 Mbit/s): page,
style sheet, font, icons and scripts come compressed."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from tests.making import a_device, a_location, a_person, a_team, an_admin
from velory.ui.compression import CompressedPages

BUILT = Path(settings.ROOT) / "static" / "build"
FETCHED = re.compile(r'(?:href|src)="/static/(build/[^"#?]+)')
PAGE, EVERYTHING = 15_000, 110_000  # bytes, as they go over the line


def on_the_line(name):
    """How many bytes a file is, as a browser of today asks for it."""
    path = BUILT.parent / name
    return min(file.stat().st_size for file in (path, Path(f"{path}.br"), Path(f"{path}.gz")) if file.exists())


def fetched_with(page):
    """The files of the product that a page names, each once."""
    return sorted(set(FETCHED.findall(gzip.decompress(page.content).decode())))


@pytest.fixture
def fifty_devices():
    for number in range(50):
        holder = a_person(f"Ebba {number}", "Sjöberg", location=a_location(f"Ort {number % 5}"), team=a_team("Drift"))
        a_device(holder, name=f"Dell Latitude {7000 + number}", serial=f"SN{number * 7919:08X}", category="computers")


@pytest.mark.parametrize("address", ["/", "/hardware/", "/you/", "/store/", "/people/", "/search/?q=dell"])
def test_a_page_and_all_it_needs_is_small(at_their_desk, fifty_devices, address):
    page = at_their_desk(an_admin()).get(address, HTTP_ACCEPT_ENCODING="gzip, br")
    assert page.headers["Content-Encoding"] == "gzip"
    assert len(page.content) < PAGE
    files = {name: on_the_line(name) for name in fetched_with(page)}
    assert "build/icons.svg" in files
    assert len(page.content) + sum(files.values()) < EVERYTHING, files


def test_a_persons_device_is_small(at_their_desk):
    ebba = a_person("Ebba", "Sjöberg")
    page = at_their_desk(ebba).get(a_device(ebba).get_absolute_url(), HTTP_ACCEPT_ENCODING="gzip")
    assert len(page.content) + sum(map(on_the_line, fetched_with(page))) < EVERYTHING


def test_whatever_gains_by_it_lies_there_compressed():
    plain = [
        path for path in BUILT.rglob("*.*") if path.suffix in {".css", ".js", ".svg"} and path.stat().st_size > 1_000
    ]
    assert [path.name for path in plain if on_the_line(path.relative_to(BUILT.parent)) > path.stat().st_size / 2] == []


def test_every_face_of_the_style_sheet_is_made_and_only_the_first_comes_with_the_page():
    faces = re.findall(r'url\("?fonts/([a-z-]+\.woff2)"?\)', (BUILT / "css" / "app.css").read_text())
    assert [name for name in faces if not (BUILT / "css" / "fonts" / name).exists()] == []
    head = (Path(settings.ROOT) / "templates" / "base.html").read_text()
    assert re.findall(r'rel="preload" href="{% static "build/css/fonts/([^"]+)"', head) == faces[:1]
    assert on_the_line(f"build/css/fonts/{faces[0]}") < 45_000


# Who gets a page compressed


def answered(response=None, **headers):
    """A page of 2,000 bytes on its way out, asked for with these headers."""
    asked = RequestFactory().get("/", headers={"accept-encoding": "gzip"} | headers)
    return CompressedPages(lambda request: response or HttpResponse("velory " * 300))(asked)


@pytest.mark.parametrize(
    ("headers", "compressed"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none", "sec-fetch-user": "?1"}, True),
        ({"sec-fetch-site": "cross-site", "sec-fetch-user": "?1"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"accept-encoding": "br"}, False),
    ],
)
def test_what_another_site_has_fetched_has_no_telling_length(headers, compressed):
    assert answered(**headers).has_header("Content-Encoding") == compressed


def test_the_same_page_is_never_of_one_length():
    assert len({len(answered().content) for _time in range(20)}) > 1


def test_files_and_pictures_go_out_as_they_are():
    assert not answered(HttpResponse(b"\x89PNG" * 300, content_type="image/png")).has_header("Content-Encoding")
    rows = StreamingHttpResponse(["a;b\n"] * 300, content_type="text/csv")
    assert not answered(rows).has_header("Content-Encoding")
