"""Everything with a life as data and as a document, read from the declared steps: nothing is written twice."""

from django.apps import apps
from django.utils.translation import override

from velory.journal.models import Lifecycle
from velory.journal.steps import followers_of, steps_of


def machines() -> dict:
    """Every model with a life, by its name in lower case."""
    return {model._meta.model_name: model for model in apps.get_models() if issubclass(model, Lifecycle)}


def as_data() -> dict:
    """States, steps and deeds of everything with a life, with labels in both languages."""
    return {name: {"states": states(model), **steps(model)} for name, model in machines().items()}


def states(model) -> list[dict]:
    """The statuses in the order of the life."""
    phase_of = {code: phase for phase, codes in getattr(model, "PHASES", {}).items() for code in codes}
    return [
        {"code": str(code), **labels(label), "phase": phase_of.get(code, "")}
        for code, label in model._meta.get_field("status").choices
    ]


def steps(model) -> dict:
    """The steps that move the status, and the deeds that leave it where it is."""
    found: dict = {"steps": [], "deeds": []}
    for made in steps_of(model).values():
        row = {
            "name": made.name,
            "from": [str(source) for source in made.sources],
            "to": [str(target) for target in made.targets],
            "who": list(dict.fromkeys(role.name for role in made.who)),
            **labels(made.label),
        }
        found["deeds" if made.to is None else "steps"].append(row)
    return found


def labels(label) -> dict:
    """A label in both languages; empty where there is none."""
    said = {}
    for language in ("en", "sv"):
        with override(language):
            said[f"label_{language}"] = str(label) if label else ""
    return said


def as_document() -> str:
    """docs/lifelines.md: a diagram and the tables behind it, for everything with a life."""
    parts = [
        "# Lifelines",
        "Written by `manage.py lifelines` from the declared steps; a test compares. Change the step, not this page.",
    ]
    for model in machines().values():
        with override("en"):
            parts += [f"## {str(model._meta.verbose_name).capitalize()}", diagram(model), state_table(model)]
            parts += [step_table(model), deed_table(model), what_follows(model)]
    return "\n\n".join(part for part in parts if part) + "\n"


def diagram(model) -> str:
    """A Mermaid state diagram: an edge for each move, with every step that takes it."""
    edges: dict[tuple[str, str], list[str]] = {}
    for row in steps(model)["steps"]:
        for source in row["from"]:
            for target in row["to"]:
                edges.setdefault((source, target), []).append(row["name"])
    lines = [f"    {source} --> {target}: {', '.join(names)}" for (source, target), names in edges.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])


def state_table(model) -> str:
    """Code, labels and phase of each status."""
    rows = [[f"`{s['code']}`", s["label_en"], s["label_sv"], s["phase"]] for s in states(model)]
    return table(["status", "English", "Svenska", "phase"], rows)


def step_table(model) -> str:
    """Each step with its guards and whom it tells."""
    declared = steps_of(model)
    rows = [
        [
            f"`{row['name']}`", " / ".join(filter(None, (row["label_en"], row["label_sv"]))) or "–",
            codes(row["from"]), codes(row["to"]), ", ".join(row["who"]),
            ", ".join(ask.__name__ for ask in declared[row["name"]].when) or "–",
        ]
        for row in steps(model)["steps"]
    ]  # fmt: skip
    return table(["step", "button", "from", "to", "who", "guards"], rows)


def deed_table(model) -> str:
    """What changes facts and leaves the status where it is."""
    rows = [[f"`{row['name']}`", codes(row["from"]), ", ".join(row["who"])] for row in steps(model)["deeds"]]
    return "Deeds change facts, are journalled, and leave the status where it is.\n\n" + table(
        ["deed", "in", "who"], rows
    ) if rows else ""  # fmt: skip


def what_follows(model) -> str:
    """What upper apps, and the ground floor itself, do in the same transaction after a step."""
    rows = [
        [f"`{name}`" if name != "*" else "any step", f"`{follower.__module__}`", first_line(follower)]
        for name, follower in sorted(followers_of(model), key=lambda pair: (pair[0], pair[1].__module__))
    ]
    return "What follows in the same transaction:\n\n" + table(["after", "where", "what"], rows) if rows else ""


def table(heads: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [heads, ["---"] * len(heads), *rows])


def codes(names: list[str]) -> str:
    """Status codes, one after the other."""
    return ", ".join(f"`{name}`" for name in names)


def first_line(thing) -> str:
    """The first sentence of a docstring, else the name."""
    return (thing.__doc__ or thing.__name__).strip().splitlines()[0]
