"""Every check, cheapest first, then the tests: what `make test` runs, and CI with it.

A check that fails does not stop the cheap ones after it, so that one run shows all of them; the tests are
begun only when all checks hold. pytest's closing line is the last word.
"""

import os
import subprocess
import sys
import time

import chromium
from steps import ROOT, Refusal, refusing, say

PYTHON = sys.executable
MANAGE = [PYTHON, "manage.py"]
KERNEL = ["velory/journal", "velory/agenda", "velory/post", "velory/tenancy", "velory/clock.py"]
CHECKS = {
    "The code is formatted": [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."],
    "The linter finds nothing": [PYTHON, "-m", "ruff", "check", "--quiet", "."],
    "Django finds nothing": [*MANAGE, "check"],
    "No migration is missing": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "Imports go down only": [PYTHON, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
    "The kernel's types hold": [PYTHON, "-m", "mypy", *KERNEL],
    "docs/lifelines.md is fresh": [*MANAGE, "lifelines", "--check"],
    "Every text is translated": [*MANAGE, "texts", "--check"],
}


def main():
    arguments = sys.argv[1:]
    if arguments[:1] == ["--browser"]:
        return pytest(arguments[1:])
    if arguments[:1] == ["--bench"]:
        return bench(arguments[1:])
    failed = [name for name, command in CHECKS.items() if not holds(name, command)]
    if failed:
        raise Refusal("Not so: " + "; ".join(failed) + ".")
    if "--tests" in arguments:
        return pytest([argument for argument in arguments if argument != "--tests"])
    say("All checks hold")
    return 0


def holds(name, command):
    began = time.monotonic()
    if command[1:2] == ["manage.py"] and not _is_there(command[2]):
        say(f"– {name}: left out, there is no command {command[2]} yet")
        return True
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    well = result.returncode == 0
    say(f"{'✓' if well else '✗'} {name} ({time.monotonic() - began:.1f} s)")
    if not well:
        print((result.stdout + result.stderr).strip()[-8000:], flush=True)
    return well


def _is_there(command):
    if command in {"check", "makemigrations"}:
        return True
    return any(ROOT.glob(f"*/management/commands/{command}.py")) or any(
        ROOT.glob(f"*/*/management/commands/{command}.py")
    )


def bench(arguments):
    """Each file of tests/bench, in a database with nothing but the platform's tables."""
    say("Making the tables")
    subprocess.run([*MANAGE, "migrate_companies"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    ended = 0
    for path in sorted((ROOT / "tests" / "bench").glob("bench_*.py")):
        say(path.stem)
        ended |= subprocess.run(
            [PYTHON, "-m", f"tests.bench.{path.stem}", *arguments], cwd=ROOT, check=False
        ).returncode
    return ended


def pytest(arguments):
    env = os.environ | {"VELORY_CHROMIUM": chromium.find()}
    tests = arguments or ["tests", "--ignore=tests/bench", "--ignore=tests/faults"]
    say("The tests")
    return subprocess.run([PYTHON, "-m", "pytest", *tests], cwd=ROOT, env=env, check=False).returncode


if __name__ == "__main__":
    refusing(main)
