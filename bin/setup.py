"""The set-up: `python3 bin/setup.py`, on a machine with any Python 3.11 or newer and nothing else.

uv, a Python that Velory runs on, the Python packages, the front-end, the translations: each step is done only
when what it depends on has changed. Run again, it takes a second.
"""

import sys

if sys.version_info < (3, 11):
    sys.stderr.write("Velory's set-up needs Python 3.11 or newer; this one is %d.%d.\n" % sys.version_info[:2])
    sys.exit(2)

import fcntl
import os
import shutil

import frontend
import toolchain
from steps import KEPT, MAKE_ROOM, ROOT, VENV_PYTHON, Refusal, changed, digest, done, environment, refusing, run, say

ROOM = 1_200  # MB that a first set-up takes


def main():
    (KEPT / "static").mkdir(parents=True, exist_ok=True)
    with open(KEPT / "setup.lock", "w") as lock:
        _alone(lock)
        install_packages()
        frontend.build()
        compile_translations()


def _alone(lock):
    """One set-up at a time in a folder; a second one waits for the first."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        say("Another set-up is running in this folder; waiting for it")
        fcntl.flock(lock, fcntl.LOCK_EX)


def install_packages():
    """The Python packages of uv.lock in .venv."""
    stamp = digest(ROOT / "uv.lock", ROOT / "pyproject.toml", also=os.environ.get("UV_PYTHON", ""))
    if not changed("packages", stamp, VENV_PYTHON):
        return
    _look_for_room()
    uv = toolchain.uv()
    python = toolchain.python(uv)
    say("Installing the Python packages")
    env = environment(UV_PROJECT_ENVIRONMENT=str(ROOT / ".venv"), UV_PYTHON=python, UV_NO_PROGRESS="1")
    run([uv, "sync", "--frozen", "--all-groups", "--quiet"], "installing the Python packages", env=env)
    done("packages", stamp)


def _look_for_room():
    free = shutil.disk_usage(ROOT).free // 1_000_000
    if not VENV_PYTHON.exists() and free < ROOM:
        raise Refusal(f"The disk is full: the set-up takes {ROOM} MB in {ROOT}, and {free} MB are free. {MAKE_ROOM}")


def compile_translations():
    """locale/*/LC_MESSAGES/django.po to what Django reads, by the product's own command."""
    catalogues = sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po"))
    if not catalogues or not list(ROOT.glob("velory/*/management/commands/texts.py")):
        return
    stamp = digest(*catalogues)
    if not changed("translations", stamp, *(path.with_suffix(".mo") for path in catalogues)):
        return
    say("Compiling the translations")
    run([VENV_PYTHON, ROOT / "manage.py", "texts", "--compile"], "compiling the translations")
    done("translations", stamp)


if __name__ == "__main__":
    refusing(main)
