"""Every check, cheapest first, then the tests: what `make test` runs, and CI with it.

A check that fails does not stop the cheap ones after it, so that one run shows all of them; the tests are
begun only when all checks hold. The last line says how many of them passed and failed.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time

import chromium
from steps import ROOT, Refusal, refusing, say

sys.path.append(str(ROOT))
from velory.demo.keeper import dies_with_this_process

PYTHON = sys.executable
MANAGE = [PYTHON, "manage.py"]
KERNEL = ["velory/journal", "velory/agenda", "velory/post", "velory/payments", "velory/tenancy", "velory/clock.py"]
JOURNEYS = ["tests/journeys"]  # in a real browser: about as long as all the others
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
    """All tests, in two processes side by side: the journeys, with a demo of their own, and all others.

    Those that are named run in one.
    """
    env = os.environ | {"VELORY_CHROMIUM": chromium.find()}
    say("The tests")
    if arguments:
        return subprocess.run([PYTHON, "-m", "pytest", *arguments], cwd=ROOT, env=env, check=False).returncode
    command = [PYTHON, "-m", "pytest", "--color=no"]
    with tempfile.TemporaryFile("w+") as seen:
        beside = subprocess.Popen(
            [*command, *JOURNEYS], cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=seen,
            stderr=seen, preexec_fn=dies_with_this_process(signal.SIGINT),  # noqa: PLW1509
        )  # fmt: skip
        ended, said = _heard([*command, *_the_others()], env)
        say("Beside them the journeys in a real browser")
        beside.wait()
        seen.seek(0)
        overheard = seen.read()
        print(overheard, flush=True)
    say(f"In all: {_counted(said + overheard)}")
    return ended or beside.returncode


def _the_others():
    """Every folder of tests but the journeys and what has a command of its own."""
    folders = sorted(f"tests/{path.parent.name}" for path in (ROOT / "tests").glob("*/test_*.py"))
    return [name for name in dict.fromkeys(folders) if name not in {*JOURNEYS, "tests/bench", "tests/faults"}]


def _heard(command, env):
    """Run a command; what it prints is seen at once and given back."""
    said = []
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=env,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        for line in process.stdout:
            said.append(line)
            print(line, end="", flush=True)
    return process.returncode, "".join(said)


def _counted(said):
    """Both closing lines of pytest as one: 1590 passed, 2 failed."""
    counts = {}
    for line in said.splitlines():
        if re.search(r" in \d+(\.\d+)?s\b", line):
            for number, word in re.findall(r"(\d+) (passed|failed|errors?|skipped)", line):
                counts[word.rstrip("s") if word.startswith("error") else word] = counts.get(word, 0) + int(number)
    return ", ".join(f"{number} {word}" for word, number in counts.items()) or "no test was run"


if __name__ == "__main__":
    refusing(main)
