"""The components do what their page in the gallery says; a status reads the same everywhere."""

import ast
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils.translation import override

from assets.lifecycle import PHASES, Status
from velory.ui import dates
from velory.ui.money import money
from velory.ui.navigation import ADMIN, EMPLOYEE, Menu, is_built
from velory.ui.statuses import LOOKS
from velory.ui.tables import Table

pytestmark = pytest.mark.nowhere

SUNDAY = date(2026, 11, 22)


def drawn(source, **context):
    return Template("{% load ui %}" + source).render(Context(context))


# Props


@pytest.mark.parametrize(
    "source",
    [
        '{% icon "check" colour="red" %}',
        '{% panel heading="Facts" %}{% endpanel %}',
        '{% note tone="warning" %}{% endnote %}',
        "{% pill status size=2 %}",
        "{% field form.name hint=1 %}",
    ],
)
def test_an_unknown_prop_is_an_error(source):
    with pytest.raises(TemplateSyntaxError):
        drawn(source, status="active")


# Statuses


def test_every_status_has_a_look_and_no_look_is_left_over():
    assert set(LOOKS) == {status.value for status in Status}


@pytest.mark.parametrize("status", list(Status))
def test_a_status_reads_three_times_in_both_languages(status):
    look = LOOKS[status.value]
    with override("en"):
        pill = drawn("{% pill status %}", status=status.value)
        assert str(status.label) in pill
    assert f"#i-{look.icon}" in pill
    assert f"badge-{look.shape}" in pill
    assert drawn("{% pill status 'sv' %}", status=status.value).count("<svg") == 1


def test_only_what_is_archived_has_an_outline_and_no_tone():
    outlined = {code for code, look in LOOKS.items() if look.shape == "outline" and not look.tone}
    assert outlined == {status.value for status in PHASES["archived"]}


def test_an_unknown_status_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        drawn("{% pill 'lost' %}")


# Words for dates and money


@pytest.mark.parametrize(
    ("language", "long", "short", "full"),
    [
        ("en", "14 December 2026", "14 Dec 2026", "Monday 14 December 2026"),
        ("sv", "14 december 2026", "14 dec 2026", "måndag 14 december 2026"),
    ],
)
def test_dates_are_written_out_in_the_readers_language(language, long, short, full):
    with override(language):
        day = date(2026, 12, 14)
        assert dates.day_long(day) == long
        assert dates.day_short(day) == short
        assert dates.day_full(day) == full


@pytest.mark.parametrize(
    ("day", "overdue", "words"),
    [
        (date(2026, 12, 14), False, "in 22 days"),
        (date(2026, 11, 23), False, "tomorrow"),
        (date(2026, 11, 22), True, "today"),
        (date(2026, 11, 21), False, "yesterday"),
        (date(2026, 11, 21), True, "1 day overdue"),
        (date(2026, 10, 16), True, "37 days overdue"),
        (date(2026, 10, 16), False, "37 days ago"),
        (None, False, ""),
    ],
)
def test_how_far_a_day_is_from_today(day, overdue, words):
    with override("en"):
        assert dates.in_days(day, SUNDAY, overdue) == words


@pytest.mark.parametrize(
    ("language", "amount", "currency", "words"),
    [
        ("en", "1667.25", "SEK", "1,667.25 SEK"),
        ("sv", "1667.25", "SEK", "1 667,25 kr"),
        ("en", "1667.2", "EUR", "1,667.20 EUR"),
        ("sv", "1667.2", "EUR", "1 667,20 €"),
        ("en", "1667", "JPY", "1,667 JPY"),
        ("en", "-12.5", "SEK", "-12.50 SEK"),
    ],
)
def test_an_amount_has_its_currencys_decimals_and_never_breaks(language, amount, currency, words):
    with override(language):
        assert money(Decimal(amount), currency).replace("−", "-") == words.replace(" ", "\N{NO-BREAK SPACE}")


# Steps


def test_a_shut_step_stands_with_its_reason_and_cannot_be_sent():
    offer = SimpleNamespace(name="release", label="Mark as released", reason=SimpleNamespace(text="Not yet.", who=""))
    thing = SimpleNamespace(ref="D-7K4M", version=3, get_absolute_url=lambda: "/devices/D-7K4M/")
    button = drawn("{% step_button thing offer %}", thing=thing, offer=offer)
    assert 'aria-disabled="true" aria-describedby="why-D-7K4M-release"' in button
    assert '<p class="grow basis-64 text-sm text-muted" id="why-D-7K4M-release">Not yet.</p>' in button
    assert "<form" not in button


def test_an_open_step_carries_the_version_that_was_seen():
    offer = SimpleNamespace(name="release", label="Mark as released", reason=None)
    thing = SimpleNamespace(ref="D-7K4M", version=3, get_absolute_url=lambda: "/devices/D-7K4M/")
    button = drawn("{% step_button thing offer kind='primary' %}", thing=thing, offer=offer)
    assert 'action="/devices/D-7K4M/release/"' in button
    assert '<input type="hidden" name="version" value="3">' in button


# Lists


class Rows(list):
    """A queryset's part that a table asks for."""

    def count(self):
        return len(self)

    def order_by(self, *fields):
        self.ordered = fields
        return self


def a_table(address, rows=60):
    request = RequestFactory().get(address)
    return Table(request, sorts={"name": "name", "holder": ("last", "first")}, default="name", filters=["status"]).show(
        Rows(range(rows))
    )


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999", "²", "1.5", ""])
def test_a_bad_page_number_falls_back(page):
    assert a_table(f"/hardware/?page={page}").page == 1


def test_a_page_beyond_the_last_is_the_last():
    table = a_table("/hardware/?page=900")
    assert (table.page, table.first, table.last, table.next_link) == (3, 51, 60, "")


def test_a_list_is_sorted_by_known_columns_only():
    assert a_table("/hardware/?sort=password").sort == "name"
    assert a_table("/hardware/?sort=-holder").order() == ["-last", "-first", "-pk"]


def test_links_keep_the_rest_of_the_address():
    table = a_table("/hardware/?q=galaxy&status=active&status=shipped&page=2&view=renewals")
    assert table.next_link == "/hardware/?q=galaxy&status=active&status=shipped&view=renewals&page=3"
    assert (
        table.column("holder")["link"] == "/hardware/?q=galaxy&status=active&status=shipped&view=renewals&sort=holder"
    )
    assert table.cleared_link == "/hardware/?view=renewals"


def test_an_empty_list_has_one_page_and_no_rows():
    table = a_table("/hardware/", rows=0)
    assert (table.first, table.last, table.last_page, table.has_other_pages) == (0, 0, 1, False)


def test_a_search_is_cut_and_cleaned():
    assert a_table("/hardware/?q=%00%20iPhone%20" + "x" * 300).q == ("iPhone " + "x" * 300)[:100]


# Icons


def icon_names_in(path):
    """The icons that code hands to a page: icon="…", {"icon": "…"}, ("…", sentence)."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.keyword) and node.arg == "icon":
            names.add(getattr(node.value, "value", None))
        elif isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            names |= {getattr(v, "value", None) for k, v in pairs if getattr(k, "value", None) == "icon"}
        elif isinstance(node, ast.Tuple) and len(node.elts) > 1 and isinstance(node.elts[1], ast.Call | ast.BinOp):
            names.add(getattr(node.elts[0], "value", None))
    return {name for name in names if isinstance(name, str)}


def test_every_icon_that_code_hands_to_a_page_is_in_the_sprite():
    root = Path(settings.ROOT)
    known = {path.stem for path in (root / "node_modules/lucide-static/icons").glob("*.svg")}
    drawn_ones = set(re.findall(r'id="i-([a-z0-9-]+)"', (root / "static/build/icons.svg").read_text()))
    apps = ("assets", "renewals", "orders", "repairs", "velory")
    files = [path for app in apps for path in (root / app).rglob("*.py")]
    files = [path for path in files if "migrations" not in path.parts]
    wanted = {(path.name, name) for path in files for name in icon_names_in(path) & known}
    assert [(file, name) for file, name in sorted(wanted) if name not in drawn_ones] == []


# Navigation


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/", "/"),
        ("/hardware/", "/hardware/"),
        ("/hardware/new/", "/hardware/"),
        ("/renewals/overdue/", "/renewals/"),
        ("/renewals/forecast/", "/renewals/forecast/"),
        ("/renewals/", "/renewals/"),
        ("/nowhere/", None),
    ],
)
def test_the_menu_marks_the_nearest_place(path, place):
    places = [place for group in ADMIN for place in group.places]
    here = Menu(path).here(places)
    assert (here.address if here else None) == place


def test_a_devices_page_lies_under_home_for_who_has_it():
    assert Menu("/devices/D-7K4M/").here(EMPLOYEE).address == "/"


def test_a_place_that_is_not_built_is_left_out():
    assert not is_built("/there-is-no-such-page/")
    assert is_built("/ui/")
