"""What every script in this folder uses: saying what is done, doing a step only when its inputs changed, refusing.

Runs on any Python 3.11 or newer, with nothing installed.
"""

import errno
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".velory"
VENV_PYTHON = ROOT / ".venv" / "bin" / "python"
BEGAN = time.monotonic()
SYSTEM_CERTIFICATES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
A_LONG_WHILE = 10  # seconds after which a step says that it is still at it


class Refusal(Exception):
    """Why it cannot go on: one clear sentence, for the person at the keyboard."""


def say(sentence):
    print(f"[{time.monotonic() - BEGAN:6.1f} s] {sentence}", flush=True)


def refusing(main):
    """Run `main`; a refusal, a full disk and Ctrl-C end with one sentence and not with a traceback."""
    try:
        sys.exit(main() or 0)
    except Refusal as refusal:
        print(f"\n{refusal}", file=sys.stderr)
        sys.exit(2)
    except OSError as fault:
        if fault.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        print(f"\nThe disk is full: {fault.filename or ROOT} could not be written. {MAKE_ROOM}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("\nStopped. What was finished is kept; the next run goes on from there.", file=sys.stderr)
        sys.exit(130)


MAKE_ROOM = "Make room and start again."


def run(command, doing, *, env=None, show=False, cwd=ROOT):
    """Run a command to its end, saying every now and then that it is still running; refuse when it fails."""
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        stdout=None if show else subprocess.PIPE,
        stderr=None if show else subprocess.STDOUT,
    )
    began, said = time.monotonic(), ""
    while True:
        try:
            said = process.communicate(timeout=A_LONG_WHILE)[0] or ""
            break
        except subprocess.TimeoutExpired:
            say(f"  … still {doing} ({time.monotonic() - began:.0f} s)")
        except BaseException:
            process.terminate()
            raise
    if process.returncode:
        raise Refusal(_what_went_wrong(command, doing, said))
    return said


def _what_went_wrong(command, doing, said):
    if "No space left on device" in said or "ENOSPC" in said:
        return f"The disk is full: {ROOT} has no room for {doing}. {MAKE_ROOM}"
    last = "\n".join("    " + line for line in said.strip().splitlines()[-12:])
    name = Path(str(command[0])).name
    return f"{doing.capitalize()} failed: {name} said\n{last}\nWhen this is put right, start again."


def environment(**more):
    """The environment of a program that fetches something: it trusts whom the machine trusts."""
    env = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "UV_PROJECT"}}
    env.setdefault("NODE_USE_SYSTEM_CA", "1")
    if any(os.path.exists(path) for path in SYSTEM_CERTIFICATES):
        env.setdefault("UV_SYSTEM_CERTS", "1")
    return env | more


def digest(*paths, also=""):
    """One word that changes when any of the files does, or what is said besides."""
    whole = hashlib.sha256(also.encode())
    for path in sorted(set(paths)):
        whole.update(str(path.relative_to(ROOT)).encode() + b"\0")
        whole.update(path.read_bytes() + b"\0")
    return whole.hexdigest()[:20]


def changed(name, stamp, *outputs):
    """Whether a step has to be done again: its inputs differ from last time, or what it made is gone."""
    kept = KEPT / "stamps" / name
    return not (kept.exists() and kept.read_text() == stamp and all(path.exists() for path in outputs))


def done(name, stamp):
    kept = KEPT / "stamps" / name
    kept.parent.mkdir(parents=True, exist_ok=True)
    write(kept, stamp)


def write(path, text):
    """Write a whole file or leave the old one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + f".{os.getpid()}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
