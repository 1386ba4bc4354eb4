"""Every check, then the tests: what `make test` runs, and CI with it.

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
from concurrent.futures import ThreadPoolExecutor

import chromium
from steps import ROOT, Refusal, refusing, say

sys.path.append(str(ROOT))
from velory.demo.keeper import dies_with_this_process

PYTHON = sys.executable
MANAGE = [PYTHON, "manage.py"]
TYPED = ["velory", "assets", "orders", "renewals", "repairs"]
AT_ONCE = 2  # processes of checks and of tests, on as many cores
GROUND = "test_velory_ground"  # a database with two companies, made once: each part begins with a copy
# The longest first, so that no core is idle at the end; what takes less than a process takes to begin goes with another
TOGETHER = [["journeys"], ["orders"], ["renewals", "repairs"], ["kernel"], ["payments"], ["assets"], ["house"]]
CHECKS = {  # what takes longest begins, and beside it the others run
    "The types hold": [PYTHON, "-m", "mypy", *TYPED],
    "The code is formatted": [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."],
    "The linter finds nothing": [PYTHON, "-m", "ruff", "check", "--quiet", "."],
    "Django finds nothing": [*MANAGE, "check"],
    "No migration is missing": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "Imports go down only": [PYTHON, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
    "docs/lifelines.md is fresh": [*MANAGE, "lifelines", "--check"],
    "Every text is translated": [*MANAGE, "texts", "--check"],
}


def main():
    arguments = sys.argv[1:]
    if arguments[:1] == ["--browser"]:
        return pytest(arguments[1:])
    if arguments[:1] == ["--bench"]:
        return bench(arguments[1:])
    with ThreadPoolExecutor(AT_ONCE) as checking:
        held = checking.map(holds, CHECKS, CHECKS.values())
    failed = [name for name, well in zip(CHECKS, held, strict=True) if not well]
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
    """All tests, two parts at a time; those that are named run in one process.

    The journeys begin, for they take longest, and beside them the database is made that the others begin with. Whoever
    is done takes the next part, so that neither core waits long.
    """
    env = os.environ | {"VELORY_CHROMIUM": chromium.find()}
    say("The tests")
    if arguments:
        return subprocess.run([PYTHON, "-m", "pytest", *arguments], cwd=ROOT, env=env, check=False).returncode
    waiting, running, ended, heard = _parts(), [], 0, []
    while waiting or running:
        while waiting and len(running) < AT_ONCE and not any(part.comes_before_others for part in running):
            running.append(waiting.pop(0).begin(env))
        time.sleep(0.2)
        for part in [part for part in running if part.process.poll() is not None]:
            running.remove(part)
            ended |= part.process.returncode
            heard.append(part.tell())
            if part.comes_before_others and ended:
                waiting.clear()
    _forget_the_ground(env)
    say(f"In all: {_counted(''.join(heard))}")
    return ended


class Part:
    """A process of its own, with what it says: the tests of some folders, with a database of their own."""

    def __init__(self, number, folders):
        self.number, self.name, self.comes_before_others = number, " and ".join(folders), False
        self.command = ["pytest", "--color=no", *folders]

    def begin(self, env):
        """Start it. Its place at the broker is its own too."""
        self.began = time.monotonic()
        self.said = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed when it is told
        say(f"  … {self.name}")
        own = {"PYTEST_DB": f"test_velory_{self.number}", "VELORY_TEST_GROUND": GROUND}
        if env.get("REDIS_URL"):
            own["REDIS_URL"] = re.sub(r"(/\d*)?$", f"/{self.number}", env["REDIS_URL"], count=1)
        self.process = subprocess.Popen(
            [PYTHON, "-m", *self.command], cwd=ROOT, env=env | own, stdin=subprocess.DEVNULL,
            stdout=self.said, stderr=self.said, preexec_fn=dies_with_this_process(signal.SIGINT),  # noqa: PLW1509
        )  # fmt: skip
        return self

    def tell(self):
        """What it has printed, once it is done."""
        self.said.seek(0)
        said = self.said.read()
        self.said.close()
        say(f"{self.name} ({time.monotonic() - self.began:.0f} s)")
        print(said, flush=True)
        return said


class Ground(Part):
    """The database that the tests begin with: no part begins before it stands."""

    def __init__(self, number):
        self.number, self.name, self.comes_before_others = number, "the tables", True
        self.command = ["tests.ground", GROUND]


def _forget_the_ground(env):
    """A server that is not ours alone keeps nothing of the tests."""
    import psycopg

    with psycopg.connect(env["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {GROUND}")


def _parts():
    """Every folder of tests but what has a command of its own; those that nobody has put together, alone."""
    found = {path.parent.name for path in (ROOT / "tests").glob("*/test_*.py")} - {"bench", "faults"}
    alone = [[name] for name in sorted(found - {name for names in TOGETHER for name in names})]
    journeys, *others = [[f"tests/{name}" for name in names] for names in TOGETHER + alone]
    return [Part(0, journeys), Ground(0), *(Part(number, folders) for number, folders in enumerate(others, 1))]


def _counted(said):
    """All closing lines of pytest as one: 1590 passed, 2 failed."""
    counts = {}
    for line in said.splitlines():
        if re.search(r" in \d+(\.\d+)?s\b", line):
            for number, word in re.findall(r"(\d+) (passed|failed|errors?|skipped)", line):
                counts[word.rstrip("s") if word.startswith("error") else word] = counts.get(word, 0) + int(number)
    return ", ".join(f"{number} {word}" for word, number in counts.items()) or "no test was run"


if __name__ == "__main__":
    refusing(main)
