"""A demo of its own in a temporary folder, started as a person starts it, for journeys and for faults."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_ITS_BUSINESS = ("DATABASE_URL", "REDIS_URL", "VELORY_", "STRIPE_", "DJANGO_SETTINGS_MODULE", "MAKELEVEL")


class RunningDemo:
    """The demo at 2026-11-22 07:00, both samples imported, with the dates as they stand in the files."""

    def __init__(self, *, now="2026-11-22T07:00"):
        self.folder = Path(tempfile.mkdtemp(prefix="velory-demo-"))
        self.folder.chmod(0o711)
        self.port = free_port()
        clean = {k: v for k, v in os.environ.items() if not k.startswith(NOT_ITS_BUSINESS)}
        self.env = clean | {
            "VELORY_DEMO_DIR": str(self.folder),
            "VELORY_PORT": str(self.port),
            "VELORY_DEMO_NOW": now,
            "VELORY_DEMO_SHIFT": "0",
        }
        self.said = self.folder / "said.log"
        self.process = None
        self.keyboard = None
        self.came_in = {}  # who signed in with a browser: when, and the cookie

    def start(self, patience=480):
        """Start it and wait until it says that it is ready. Raises AssertionError with what it said otherwise."""
        with self.said.open("ab") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "velory.demo.launcher"], cwd=ROOT, env=self.env, stdout=said, stderr=said
            )
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if "Ready." in self.said.read_text(errors="replace"):
                return self
            if self.process.poll() is not None:
                break
            time.sleep(0.3)
        raise AssertionError(self.said.read_text(errors="replace")[-4000:])

    def stop(self):
        """Ctrl-C, and wait."""
        if self.keyboard:
            self.keyboard.communicate()
            self.keyboard = None
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)

    def forget(self):
        """Stop it and throw its folder away."""
        self.stop()
        subprocess.run(
            [sys.executable, "-m", "velory.demo.launcher", "--forget"], cwd=ROOT, env=self.env, capture_output=True
        )
        subprocess.run(["rm", "-rf", str(self.folder)], check=False)

    def manage(self, *arguments, patience=600):
        """Run a command against it; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=patience,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def check_the_samples(self):
        """The invariants of both samples. Other companies here show one of each thing, and nobody has lived in them."""
        for slug in ("nordvik", "saimaa"):
            self.type("check_invariants", "--company", slug)

    def type(self, *words):
        """The same at a keyboard that stays open, for who asks often: no start of seconds each time."""
        if self.keyboard is None:
            self.keyboard = subprocess.Popen(
                [sys.executable, "-m", "tests.keyboard"],
                cwd=ROOT, env=self.env | {"DJANGO_SETTINGS_MODULE": "velory.settings"},
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
        self.keyboard.stdin.write(json.dumps(words) + "\n")
        self.keyboard.stdin.flush()
        answer = json.loads(self.keyboard.stdout.readline())
        assert answer["well"], answer["said"]
        return answer["said"]

    def json(self, *words):
        """Run a command that prints JSON."""
        return json.loads(self.type(*words))

    def push(self, moment):
        """Push the clock: `+1d`, or a local date and time."""
        return self.type("demo_clock", moment).strip()

    def url(self, host, path="/"):
        """An address in the browser: `url("nordvik", "/hardware/")`; no host is the public one."""
        name = f"{host}.localhost" if host else "localhost"
        return f"http://{name}:{self.port}{path}"

    def get(self, host, path="/"):
        """Status and text of a page, as nobody."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}")
        request.add_header("Host", f"{host}.localhost" if host else "localhost")
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read().decode()

    def pids(self):
        """The process number of each kept process, by name."""
        running = json.loads((self.folder / "processes.json").read_text())
        return {name: pid for name, pid, _born in running}

    def kill(self, name):
        """kill -9 of one process, as an accident would."""
        pid = next(pid for known, pid in self.pids().items() if known.lower() == name.lower())
        os.kill(pid, signal.SIGKILL)

    def is_well(self):
        """Whether the health page says so."""
        try:
            return self.get("", "/health/")[0] == 200
        except OSError:
            return False

    def caught(self):
        """Every message that the catcher took: Message-ID's file name and how often it came."""
        folder = self.folder / "mail"
        return {p.stem: json.loads(p.read_text())["count"] for p in folder.glob("*.json")}


def free_port():
    """A port that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
