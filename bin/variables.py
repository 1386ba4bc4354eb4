"""README's table of variables, written from the descriptions in velory/environment.py.

`python bin/variables.py` writes it; with `--check` it only answers, by its exit code, whether it is as it should be.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
FROM, TO = "<!-- variables: written by `make variables` -->", "<!-- /variables -->"
SET_BY_THE_LAUNCHER = {
    "velory_demo", "velory_demo_mail_port", "velory_demo_machine_port", "velory_demo_openid_port",
}  # fmt: skip


def table():
    sys.path.insert(0, str(ROOT))
    from velory.environment import DEMO_DIR, Environment

    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Environment.model_fields.items():
        if name in SET_BY_THE_LAUNCHER:
            continue
        default = field.default
        if isinstance(default, Path):
            default = f"{default.name}/ in VELORY_DEMO_DIR" if default.is_relative_to(DEMO_DIR) else default
        if isinstance(default, bool):
            default = "1" if default else "0"
        shown = f"`{default}`" if default not in ("", None) else "–"
        rows.append(f"| `{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(rows).replace("<", "&lt;")


def written():
    """README as it should be."""
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(FROM)
    _, _, after = rest.partition(TO)
    return f"{before}{FROM}\n{table()}\n{TO}{after}"


if __name__ == "__main__":
    right = written()
    if "--check" in sys.argv:
        sys.exit(0 if README.read_text(encoding="utf-8") == right else "README's table of variables is old.")
    README.write_text(right, encoding="utf-8")
