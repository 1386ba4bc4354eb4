"""Every check, cheapest first, then the tests: what `make test` runs, and CI with it.

A check that fails does not stop the cheap ones after it, so that one run shows all of them; the tests are
begun only when all checks hold. pytest's closing line is the last word.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from steps import KEPT, ROOT, Refusal, refusing, say

PYTHON = sys.executable
MANAGE = [PYTHON, "manage.py"]
KERNEL = ["velory/journal", "velory/agenda", "velory/post", "velory/tenancy", "velory/clock.py"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
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


def pytest(arguments):
    env = os.environ | {"VELORY_CHROMIUM": str(chromium())}
    tests = arguments or ["tests", "--ignore=tests/bench", "--ignore=tests/faults"]
    say("The tests")
    return subprocess.run([PYTHON, "-m", "pytest", *tests], cwd=ROOT, env=env, check=False).returncode


def chromium():
    """The browser of the journeys: named, installed, or fetched."""
    named = os.environ.get("VELORY_CHROMIUM")
    if named:
        if os.access(named, os.X_OK):
            return named
        raise Refusal(f"VELORY_CHROMIUM names {named}, which is no program. Correct it and start again.")
    if found := _found():
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("Installing Debian's Chromium for the browser tests")
        env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"]
        for command in (["apt-get", "update", "-q"], install):
            _quietly(command, env)
    else:
        say("Fetching Chromium for the browser tests")
        env = os.environ | {"PLAYWRIGHT_BROWSERS_PATH": str(KEPT / "browsers")}
        _quietly([PYTHON, "-m", "playwright", "install", "chromium-headless-shell"], env)
    if found := _found():
        return found
    raise Refusal(
        "The browser tests need Chromium, and none was found or could be fetched. "
        "Install it (Debian: apt-get install chromium), or let VELORY_CHROMIUM name one, and start again."
    )


def _found():
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    fetched = (KEPT / "browsers").glob("chromium*/chrome-*/*")
    return next((path for path in fetched if path.name in {"chrome-headless-shell", "headless_shell", "chrome"}), None)


def _quietly(command, env):
    log = KEPT / "chromium.log"
    with Path(log).open("ab") as said:
        subprocess.run(command, env=env, stdout=said, stderr=said, check=False, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    refusing(main)
