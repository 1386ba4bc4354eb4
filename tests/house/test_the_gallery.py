"""The gallery shows everything: each component, each status, each letter in both languages, each icon."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings as ours
from django.template import Template

from velory.journal.lifelines import as_data
from velory.post.letters import kinds
from velory.ui.gallery.letters import specimen
from velory.ui.gallery.lives import lives
from velory.ui.gallery.views import ERRORS, PIECES, SPRITE

COMPONENTS = Path(ours.ROOT) / "templates" / "components"
KINDS = [kind.template for kind in kinds()]


@pytest.fixture(autouse=True)
def shown(settings):
    """In the demo; its bar is not."""
    settings.DEBUG = True


@pytest.fixture
def drawn(monkeypatch):
    """The names of all templates that pages are drawn with, be it only a part of one."""
    names = set()

    def draw(template, context):
        names.add(template.name)
        return template.nodelist.render(context)

    monkeypatch.setattr(Template, "_render", draw)
    return names


def test_every_component_is_shown(client, drawn):
    pages = [client.get("/ui/"), *(client.get(f"/ui/pieces/{name}/") for name in PIECES)]
    assert [page.status_code for page in pages] == [200] * len(pages)
    assert {f"components/{path.name}" for path in COMPONENTS.glob("*.html")} - drawn == set()


def test_every_status_of_everything_with_a_life_is_shown_in_both_languages(client):
    page = client.get("/ui/states/").content.decode()
    for machine in as_data().values():
        for state in machine["states"]:
            assert state["label_en"] in page, state
            assert state["label_sv"] in page, state


def test_whatever_is_in_a_state_is_shown():
    names = {life.name for life in lives()}
    assert {"assets.device", "orders.order", "orders.productrequest", "orders.proposeddevice", "repairs.case"} <= names
    assert {"payments.attempt", "payments.refund", "post.letter", "renewals.reminder", "assets.import"} <= names


def test_every_kind_of_letter_is_listed_with_a_specimen(client):
    page = client.get("/ui/letters/").content.decode()
    assert [kind for kind in KINDS if f"/ui/letters/{kind}/en/" not in page] == []
    assert [kind for kind in KINDS if f"/ui/letters/{kind}/sv/" not in page] == []


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("template", KINDS)
def test_a_letter_reads_with_invented_facts(client, template, language):
    page = client.get(f"/ui/letters/{template}/{language}/")
    assert page.status_code == 200
    words = specimen(template, language)
    assert words.subject
    assert words.subject in unescape(page.content.decode())
    assert "None" not in words.text
    frame = client.get(f"/ui/letters/{template}/{language}/html/")
    assert frame.status_code == 200
    assert "sandbox" in frame.headers["Content-Security-Policy"]
    assert f'lang="{language}"' in frame.content.decode()


def test_every_icon_of_the_sprite_is_shown(client):
    page = client.get("/ui/icons/").content.decode()
    names = re.findall(r'<symbol id="i-([a-z0-9-]+)"', SPRITE.read_text())
    assert len(names) > 50
    assert [name for name in names if f"#i-{name}" not in page] == []


@pytest.mark.parametrize("name", ERRORS)
def test_pages_of_errors_are_shown(client, name):
    assert client.get(f"/ui/errors/{name}/").status_code == 200


def test_there_is_no_gallery_outside_the_demo(client, settings):
    settings.DEBUG = False
    assert client.get("/ui/").status_code == 404
    assert client.get("/ui/letters/").status_code == 404
