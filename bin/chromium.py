"""The browser of the browser tests: one that is named, installed, or fetched; without root too."""

import os
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from frontend import node
from steps import KEPT, ROOT, Refusal, environment, refusing, run, say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGE = ROOT / "bin" / "browser"
FETCHED = KEPT / "chromium"
START = """#!/bin/sh
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/chromium" "$@"
"""
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""


def find():
    """The path of a Chromium; fetched where there is none."""
    named = os.environ.get("VELORY_CHROMIUM")
    if named and not os.access(named, os.X_OK):
        raise Refusal(f"VELORY_CHROMIUM names {named}, which is no program. Correct it and start again.")
    if found := named or installed() or fetched():
        return found
    for way in (_by_apt, _from_npm, _by_playwright):
        try:
            way()
        except (Refusal, OSError) as fault:
            _note(str(fault))
        if found := installed() or fetched():
            return found
    raise Refusal(
        "The browser tests need Chromium, and none was found or could be fetched. "
        "Install it (Debian: apt-get install chromium), or let VELORY_CHROMIUM name one, and start again."
    )


def installed():
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def fetched():
    ours = FETCHED / "start"
    if ours.exists():
        return str(ours)
    found = (KEPT / "browsers").glob("chromium*/chrome-*/*")
    return next((str(path) for path in found if path.name in {"chrome-headless-shell", "headless_shell"}), None)


def _by_apt():
    """Debian's and Ubuntu's way, for root alone."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    say("Installing Chromium with apt-get, for the browser tests")
    env = environment(DEBIAN_FRONTEND="noninteractive")
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"]
    for command in (["apt-get", "update", "-q"], install):
        said = subprocess.run(command, env=env, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        _note(said.stdout + said.stderr)


def _from_npm():
    """A Chromium that brings its libraries along: Linux on x86-64, no root needed."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return
    say("Fetching a Chromium for the browser tests")
    fresh = FETCHED.with_name("chromium.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(PACKAGE / name, fresh / name)
    program, npm = node()
    quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts"]
    run([program, npm, "ci", *quiet], "fetching a Chromium", env=environment(), cwd=fresh)
    packed = fresh / "node_modules" / "@sparticuz" / "chromium" / "bin"
    run([program, PACKAGE / "unpack.mjs", packed, fresh], "unpacking Chromium")
    for archive in fresh.glob("*.tar"):
        with tarfile.open(archive) as tar:
            tar.extractall(fresh, filter="data")
        archive.unlink()
    shutil.rmtree(fresh / "node_modules")
    (fresh / "fonts.conf").write_text(FONTS)
    (fresh / "start").write_text(START)
    for name in ("start", "chromium"):
        (fresh / name).chmod(0o755)
    shutil.rmtree(FETCHED, ignore_errors=True)
    fresh.rename(FETCHED)


def _by_playwright():
    say("Fetching Playwright's Chromium for the browser tests")
    env = environment(PLAYWRIGHT_BROWSERS_PATH=str(KEPT / "browsers"))
    run([sys.executable, "-m", "playwright", "install", "chromium-headless-shell"], "fetching Chromium", env=env)


def _note(said):
    with Path(KEPT / "chromium.log").open("a", encoding="utf-8") as log:
        log.write(said + "\n")


if __name__ == "__main__":
    refusing(lambda: print(find()))
