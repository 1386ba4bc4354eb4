"""The rules of docs and architecture that a program can hold."""

import ast
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.nowhere
ROOT = Path(__file__).resolve().parents[2]
APPS = ["assets", "renewals", "orders", "repairs"]
OURS = [
    path for top in ("velory", *APPS) for path in sorted((ROOT / top).rglob("*.py")) if "migrations" not in path.parts
]


def lines_with(pattern, paths=OURS, *, but=()):
    found = []
    for path in paths:
        name = str(path.relative_to(ROOT))
        if name in but or any(name.startswith(b) for b in but if b.endswith("/")):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(pattern, line):
                found.append(f"{name}:{number}: {line.strip()}")
    return found


def test_a_status_is_written_by_steps_alone():
    assert lines_with(r"\.update\([^)]*\bstatus=|bulk_update\([^)]*[\"']status[\"']") == []


def test_a_thing_with_a_life_is_never_refreshed_in_place():
    assert lines_with(r"refresh_from_db\(", but=["velory/journal/state_field.py"]) == []


def test_only_the_clock_reads_the_clock():
    reads = r"(timezone|datetime(\.datetime)?)\.(now|today|utcnow)\(|date\.today\(|localdate\(|time\.time\(\)"
    outside_django = ["velory/clock.py", "velory/demo/launcher.py", "velory/demo/keeper.py"]
    assert lines_with(reads, but=outside_django) == []


def test_a_task_is_asked_for_after_the_commit_or_published_knowingly():
    assert lines_with(r"\.(delay|apply_async)\(", but=["velory/celery.py"]) == []


def test_a_company_is_entered_by_a_fresh_with():
    assert lines_with(r"^\s*@(schema|tenant)_context|schema_context|tenant_context|with company:") == []


def test_the_library_s_word_for_a_company_stays_in_its_places():
    places = ["velory/tenancy/", "velory/celery.py", "velory/settings.py"]
    assert lines_with(r"\btenants?\b", but=places) == []


def test_no_signals_of_ours():
    found = lines_with(r"@receiver|\.connect\(", but=["velory/celery.py"])
    assert [line for line in found if not re.search(r"anymail|tracking|psycopg|self\.connect", line)] == []


def test_no_file_is_called_by_what_everything_is():
    vague = {"utils.py", "helpers.py", "services.py", "managers.py", "constants.py", "signals.py", "common.py"}
    assert [str(p.relative_to(ROOT)) for p in OURS if p.name in vague] == []


def test_no_file_is_longer_than_a_reader_s_breath():
    longest = {str(p.relative_to(ROOT)): len(p.read_text().splitlines()) for p in OURS}
    assert {name: lines for name, lines in longest.items() if lines > 450} == {}


def test_every_app_has_the_same_files():
    expected = {"apps.py", "urls.py"}
    for app in APPS:
        assert expected <= {p.name for p in (ROOT / app).iterdir()}, app


def test_pages_carry_no_inline_script_style_or_handler():
    pages = [p for p in sorted((ROOT / "templates").rglob("*.html")) if "emails" not in p.parts]
    assert lines_with(r"<style|<script>|\son(click|change|submit|load)=|\sstyle=\"", pages) == []


def test_a_form_that_is_included_keeps_its_token():
    """`include … only` hides the token from the page within, and its form is refused in a browser alone."""
    pages = sorted((ROOT / "templates").rglob("*.html"))
    with_forms = {str(p.relative_to(ROOT / "templates")) for p in pages if "{% csrf_token %}" in p.read_text()}
    bare = [
        line
        for line in lines_with(r"{% include [^%]*\bonly %}", pages)
        for include in re.findall(r'{% include "([^"]+)"([^%]*)\bonly %}', line)
        if include[0] in with_forms and "csrf_token=csrf_token" not in include[1]
    ]
    assert bare == []


def test_public_functions_and_classes_say_what_they_mean():
    silent = []
    for path in OURS:
        if path.name in {"apps.py", "urls.py", "wsgi.py"} or "management" in path.parts:
            continue
        for node in ast.parse(path.read_text()).body:
            kinds = (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)
            if isinstance(node, kinds) and not node.name.startswith("_") and not ast.get_docstring(node):
                silent.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert silent == []


def test_every_model_is_in_the_glossary():
    from django.apps import apps

    words = (ROOT / "docs" / "words.md").read_text()
    ours = {"velory", *APPS}
    models = [m.__name__ for m in apps.get_models() if m.__module__.split(".")[0] in ours]
    assert [name for name in models if f"`{name}`" not in words] == []


def test_the_database_knows_exactly_the_declared_moves():
    from importlib import import_module

    from velory.journal.edges import edges
    from velory.journal.lifelines import machines

    known: dict[str, list] = {}
    for path in (path for app in APPS for path in ROOT.glob(f"{app}/migrations/0*.py")):
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        moves = getattr(module, "EDGES", {})
        for label, its in (moves if isinstance(moves, dict) else {"assets.device": moves}).items():
            known[label] = [*known.get(label, []), *its]
    assert {label: sorted(moves) for label, moves in known.items()} == {
        model._meta.label_lower: edges(model) for model in machines().values()
    }
