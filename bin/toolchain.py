"""uv and a Python that is new enough, found or fetched, without anything but the standard library."""

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

from steps import KEPT, ROOT, Refusal, environment, run, say

UV = "0.13.9"
OLDEST_UV = (0, 8)
OLDEST_PYTHON = (3, 12)
OWN_UV = KEPT / "uv"


def uv():
    """The path of a uv that works: the machine's own, or one put into this folder."""
    for found in (shutil.which("uv"), OWN_UV / "bin" / "uv"):
        if found and (version := _version_of(found)) and version >= OLDEST_UV:
            return Path(found)
    say(f"Fetching uv {UV}, which installs the Python packages")
    for way in (_by_venv, _by_pip, _by_download):
        shutil.rmtree(OWN_UV, ignore_errors=True)
        try:
            way()
        except (Refusal, OSError, ValueError) as fault:
            last = fault
        if _version_of(OWN_UV / "bin" / "uv"):
            return OWN_UV / "bin" / "uv"
    raise Refusal(
        f"uv could not be fetched from the Python package index: {last}\n"
        "Check the network, or install uv (https://docs.astral.sh/uv/) and start again."
    )


def _version_of(program):
    said = _answer([program, "--version"])
    found = re.search(r"(\d+)\.(\d+)", said)
    return tuple(map(int, found.groups())) if found else None


def _answer(command):
    """What a short command prints; nothing where it fails. A shim may exist and still not work."""
    try:
        result = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return result.stdout.strip() if result.returncode == 0 else ""


def _by_venv():
    run([sys.executable, "-m", "venv", OWN_UV], "making room for uv")
    run([OWN_UV / "bin" / "python", "-m", "pip", "install", "--quiet", f"uv=={UV}"], "fetching uv")


def _by_pip():
    run([sys.executable, "-m", "pip", "install", "--quiet", "--target", OWN_UV, f"uv=={UV}"], "fetching uv")


def _index_of_the_lock():
    """The package index that uv.lock was made with."""
    return re.search(r'registry = "([^"]+)"', (ROOT / "uv.lock").read_text())[1]


def _by_download():
    """Debian's Python has neither venv nor pip: take the program out of its wheel."""
    index = os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("PIP_INDEX_URL") or _index_of_the_lock()
    page = urllib.request.Request(f"{index.rstrip('/')}/uv/", headers={"Accept": "application/vnd.pypi.simple.v1+json"})
    with urllib.request.urlopen(page, timeout=60) as answer:
        files = json.load(answer)["files"]
    machine = platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    wanted = f"(many|musl)linux.*{machine}"
    if sys.platform == "darwin":
        wanted = f"macosx.*{machine.replace('aarch64', 'arm64')}"
    wheel = next(
        (file for file in files if re.fullmatch(rf"uv-{re.escape(UV)}-py3-none-.*{wanted}.*\.whl", file["filename"])),
        None,
    )
    if wheel is None:
        raise Refusal(f"there is no uv {UV} for {sys.platform} on {machine}.")
    address = urllib.request.urljoin(page.full_url, wheel["url"])
    with urllib.request.urlopen(address, timeout=300) as answer:
        content = answer.read()
    if hashlib.sha256(content).hexdigest() != wheel["hashes"]["sha256"]:
        raise Refusal("what came is not what the index announced.")
    (OWN_UV / "bin").mkdir(parents=True, exist_ok=True)
    packed = OWN_UV / "uv.whl"
    packed.write_bytes(content)
    with zipfile.ZipFile(packed) as wheel_file:
        inside = next(name for name in wheel_file.namelist() if name.endswith(".data/scripts/uv"))
        (OWN_UV / "bin" / "uv").write_bytes(wheel_file.read(inside))
    (OWN_UV / "bin" / "uv").chmod(0o755)
    packed.unlink()


def python(uv_path):
    """A Python that Velory runs on: the one that UV_PYTHON names, one of this machine, or one that uv downloads."""
    named = os.environ.get("UV_PYTHON")
    if named and not _is_new_enough(named) and os.sep in named:
        raise Refusal(f"UV_PYTHON names {named}, which is not a Python 3.12 or newer. Correct it and start again.")
    if named:
        return named
    for candidate in _candidates():
        if _is_new_enough(candidate):
            return str(candidate)
    managed = _answer([uv_path, "python", "find", "--managed-python", ">=3.12"])
    if managed:
        return managed
    if os.environ.get("UV_PYTHON_DOWNLOADS") != "never":
        say("Fetching Python 3.13, since this machine has none from 3.12 on")
        try:
            command = [uv_path, "python", "install", "--no-bin", "3.13"]
            run(command, "fetching Python 3.13", env=environment())
            return _answer([uv_path, "python", "find", "--managed-python", "3.13"]) or "3.13"
        except Refusal as refusal:
            raise Refusal(f"{_NO_PYTHON}\n({refusal})") from None
    raise Refusal(_NO_PYTHON)


_NO_PYTHON = (
    "Velory needs Python 3.12 or newer, none was found and none could be downloaded. "
    "Install one, or let UV_PYTHON name it, and start again."
)


def _candidates():
    yield sys.executable
    for name in ("python3.13", "python3.12", "python3.14", "python3"):
        if found := shutil.which(name):
            yield found
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    if os.access(pyenv / "versions", os.R_OK):
        yield from sorted(pyenv.glob("versions/3.1[2-9]*/bin/python"), reverse=True)


def _is_new_enough(candidate):
    said = _answer([candidate, "-c", "import ssl, sqlite3, sys; print(*sys.version_info[:2])"])
    return bool(said) and (3, 15) > tuple(map(int, said.split())) >= OLDEST_PYTHON
