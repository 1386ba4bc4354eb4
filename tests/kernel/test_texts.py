"""Every text of the product is found, and the catalogue says what is missing."""

import json

import pytest
from babel.messages.catalog import Catalog
from django.db.models.fields import BLANK_CHOICE_LABEL
from django.utils import translation

from velory.ui import texts

pytestmark = pytest.mark.nowhere


def a_source(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return [(message, context) for _line, message, _comments, context in texts.messages_in(path)]


def test_texts_are_found_in_code(tmp_path):
    code = 'a = _("Saved.")\nb = ngettext("%(n)s day", "%(n)s days", n)\nc = pgettext("status", "Removed")\n'
    assert a_source(tmp_path, "views.py", code) == [
        ("Saved.", None),
        (("%(n)s day", "%(n)s days"), None),
        ("Removed", "status"),
    ]


def test_texts_are_found_in_templates(tmp_path):
    page = """{% load i18n ui %}
      <h1>{% translate "Hardware" %}</h1>
    <p>{% blocktranslate count n=n %}{{ n }} device{% plural %}{{ n }} devices{% endblocktranslate %}</p>
  {% panel title=_("Facts") %}it's{% endpanel %}
    {% blocktranslate trimmed with who=person %}
        {{ who }} has
        it.
    {% endblocktranslate %}"""
    assert [message for message, _context in a_source(tmp_path, "page.html", page)] == [
        "Hardware",
        ("%(n)s device", "%(n)s devices"),
        "Facts",
        "%(who)s has it.",
    ]


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    """A small product with three texts and a catalogue of its own."""
    found = Catalog()
    for message in ("Saved.", ("%(n)s day", "%(n)s days"), "{by} kept it."):
        found.add(message)
    monkeypatch.setattr(texts, "po_file", lambda: tmp_path / "django.po")
    monkeypatch.setattr(texts, "found", lambda: found)
    return found


def test_translations_are_merged_kept_and_compiled(catalogue, tmp_path):
    file = tmp_path / "a.json"
    swedish = {
        "Saved.": "Sparat.",
        "%(n)s day|||%(n)s days": ["%(n)s dag", "%(n)s dagar"],
        "{by} kept it.": "{by} behöll den.",
    }
    file.write_text(json.dumps(swedish), encoding="utf-8")
    texts.write(texts.renew(texts.translations_in([file])))
    texts.write(texts.renew())
    assert texts.complaints() == []
    assert texts.compile_catalogue().read_bytes().count("behöll den".encode()) == 1


def test_what_is_missing_unused_or_uncertain_is_named(catalogue):
    kept = Catalog(locale="sv")
    kept.add("Gone.", "Borta.")
    kept.add("Saved.", "Sparat.", flags=["fuzzy"])
    kept.add("{by} kept it.", "{av} behöll den.")
    texts.write(kept)
    assert texts.complaints() == [
        "untranslated: %(n)s day|||%(n)s days",
        "unused: Gone.",
        "uncertain: Saved.",
        "placeholders differ ({av}, {by}): {by} kept it.",
    ]


def test_unused_texts_are_dropped(catalogue):
    kept = Catalog(locale="sv")
    kept.add("Gone.", "Borta.")
    texts.write(kept)
    texts.write(texts.renew())
    assert texts.read().get("Gone.") is None


def test_an_empty_choice_is_worded_in_both_languages():
    with translation.override("sv"):
        assert str(BLANK_CHOICE_LABEL) == "– Välj –"
