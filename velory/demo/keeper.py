"""Keeps processes alive: starts them, starts them again when they die, and takes them along when it goes.

Even after kill -9 of the keeper nothing goes on running (Linux: PR_SET_PDEATHSIG). No threads and no Django here.
"""

import contextlib
import ctypes
import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
A_QUICK_DEATH = 5.0  # seconds: a process that lived shorter did not really start
ENOUGH = 5  # quick deaths in a row after which something is wrong for good
GRACE = 10.0  # seconds that a process gets to stop
A_LONG_WHILE = 10.0  # seconds after which a step says that it is still at it
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Refusal(Exception):
    """Why it cannot go on: one clear sentence, for the person at the keyboard."""


class Stopped(Exception):
    """Someone pressed Ctrl-C, or sent SIGTERM."""


@dataclass
class Kept:
    """A process that is kept alive."""

    name: str
    command: list
    log: Path
    env: dict | None = None
    who: dict = field(default_factory=dict)  # user, group, extra_groups of Popen
    stop_signal: int = signal.SIGTERM
    pass_fds: tuple = ()
    before: Callable[[], None] | None = None  # clears the way, before each start
    is_a_service: bool = False  # others need it: it is stopped after them
    says: Path | None = None  # where its standard output goes, if not to its log
    process: subprocess.Popen | None = None
    started: float = 0.0
    quick_deaths: int = 0
    rest_until: float = 0.0

    def start(self):
        if self.before:
            self.before()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log, (self.says or self.log).open("ab") as out:
            self.process = subprocess.Popen(
                [str(part) for part in self.command],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_this_process(self.stop_signal),  # noqa: PLW1509 - no threads here
                pass_fds=self.pass_fds,
                **self.who,
            )
        self.started = time.monotonic()

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def has_died(self):
        return self.process is not None and self.process.poll() is not None

    def bury(self):
        """Take note of a death, and take down what the dead process left running."""
        assert self.process is not None, f"{self.name} has not begun."
        code, lived = self.process.returncode, time.monotonic() - self.started
        self._kill_the_rest(self.process)
        self.process = None
        killed = code in {-signal.SIGKILL, -signal.SIGTERM}  # somebody's doing, not its own fault
        self.quick_deaths = 0 if lived >= A_QUICK_DEATH or killed else self.quick_deaths + 1
        rest = min(2 ** (self.quick_deaths - 1) / 2, 8) if self.quick_deaths else 0
        self.rest_until = time.monotonic() + rest
        return _cause(code)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def wait_until_stopped(self, deadline):
        if not self.process:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._kill_the_rest(self.process)
        self.process = None

    def last_words(self, lines=12):
        """The end of its log, indented."""
        try:
            said = self.log.read_bytes()[-6000:].decode(errors="replace")
        except OSError:
            return ""
        return "\n".join("    " + line for line in said.strip().splitlines()[-lines:])

    def _kill_the_rest(self, process):
        """What the process left behind in its own session."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


class Keeper:
    """All processes of one launch, and the person's wish to stop them."""

    def __init__(self, say, register: Path):
        self.say = say
        self.register = register  # which processes run: the next launch clears away what this one had to leave
        self.kept: list[Kept] = []
        self.stopping = False
        self.stopped_twice = False

    def listen(self):
        """Take Ctrl-C, SIGTERM and a closed terminal as the wish to stop; die with `make`."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop_was_asked_for)
        if os.environ.get("MAKELEVEL") and _libc:
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    def _stop_was_asked_for(self, *_):
        self.stopped_twice = self.stopping
        self.stopping = True

    def keep(self, kept: Kept) -> Kept:
        self.kept.append(kept)
        kept.start()
        self._write_register()
        return kept

    def tend(self):
        """Start again what died. Raises Stopped or Refusal where it is no use going on."""
        if self.stopping:
            raise Stopped
        for kept in self.kept:
            if kept.has_died():
                self._mourn(kept, kept.bury())
            if kept.process is None and time.monotonic() >= kept.rest_until:
                kept.start()
                self._write_register()

    def _mourn(self, kept, cause):
        words = kept.last_words()
        if "No space left on device" in words:
            raise Refusal(f"The disk is full: {kept.name} could not write. Make room and start again.")
        if kept.quick_deaths >= ENOUGH:
            raise Refusal(
                f"{kept.name} ended {ENOUGH} times right after its start, so the demo stops. "
                f"The end of its log, {kept.log}:\n{words}"
            )
        self.say(f"{kept.name} {cause}; starting it again")

    def wait(self, until: Callable[[], bool], patience: float) -> bool:
        """Tend until something is true, or patience is at its end."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            self.tend()
            if until():
                return True
            time.sleep(0.2)
        return False

    def run(self, command, doing, env, log: Path, echo: Callable[[str], None] | None = None):
        """Run a command to its end while tending the others; `echo` is handed its lines as they come."""
        task = Kept(doing, command, log, env, says=log.with_suffix(".out") if echo else None)
        if task.says:
            task.says.unlink(missing_ok=True)
        task.start()
        began = last_said = time.monotonic()
        heard = 0
        try:
            while not task.has_died():
                self.tend()
                time.sleep(0.05)
                before, heard = heard, self._pass_on(task, heard, echo)
                last_said = time.monotonic() if heard > before else last_said
                if time.monotonic() - last_said > A_LONG_WHILE:
                    last_said = time.monotonic()
                    self.say(f"  … still {doing} ({last_said - began:.0f} s)")
        finally:
            if not task.has_died():
                task.stop()
                task.wait_until_stopped(time.monotonic() + 3)
        self._pass_on(task, heard, echo)
        if task.process and task.process.returncode:
            raise Refusal(self._why_it_failed(task, doing))

    @staticmethod
    def _pass_on(task, heard, echo):
        """Hand on the whole lines that came since; answers how far it has come."""
        if not task.says:
            return heard
        with task.says.open("rb") as file:
            file.seek(heard)
            whole = file.read().rpartition(b"\n")
        for line in whole[0].decode(errors="replace").splitlines():
            echo(line)
        return heard + len(whole[0]) + len(whole[1])

    @staticmethod
    def _why_it_failed(task, doing):
        words = task.last_words()
        if "No space left on device" in words:
            return f"The disk is full, so {doing} failed. Make room and start again."
        return f"{doing.capitalize()} failed. The end of its log, {task.log}:\n{words}"

    def stop_all(self):
        """Stop those that need the services together, then the services, in the opposite order of their start."""
        tiers = [[kept for kept in self.kept if not kept.is_a_service]]
        tiers += [[kept] for kept in reversed(self.kept) if kept.is_a_service]
        for tier in tiers:
            deadline = time.monotonic() + GRACE
            for kept in tier:
                kept.stop()
            while any(kept.is_running() for kept in tier) and time.monotonic() < deadline and not self.stopped_twice:
                time.sleep(0.05)
            for kept in tier:
                kept.wait_until_stopped(time.monotonic())
        self.register.unlink(missing_ok=True)

    def _write_register(self):
        running = [[kept.name, kept.process.pid, born(kept.process.pid)] for kept in self.kept if kept.process]
        write(self.register, json.dumps(running))

    def clear_the_way(self):
        """End what an earlier launch, itself killed, left running."""
        try:
            left = json.loads(self.register.read_text())
        except (OSError, ValueError):
            return
        left = [(name, pid) for name, pid, since in left if since and born(pid) == since]
        if left:
            self.say(f"Waiting for what an earlier run left: {', '.join(name for name, _ in left)}")
        for number, patience in ((signal.SIGTERM, GRACE), (signal.SIGKILL, GRACE)):
            for _, pid in left:
                send(pid, number)
            deadline = time.monotonic() + patience
            while left and time.monotonic() < deadline:
                left = [(name, pid) for name, pid in left if born(pid)]
                time.sleep(0.05)


def dies_with_this_process(number):
    """For preexec_fn, which runs after the change of user: the signal that comes when the keeper is gone."""
    keeper = os.getpid()

    def promise():
        if _libc:
            _libc.prctl(PR_SET_PDEATHSIG, int(number))
            if os.getppid() != keeper:  # it died in between
                os._exit(1)

    return promise


def born(pid):
    """When a process began: with its id, what tells it from a later one of the same id. Nothing if it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return None if fields[0] == "Z" else fields[19]
    except FileNotFoundError:
        if sys.platform == "linux":
            return None
    except (OSError, IndexError):
        return None
    said = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return said.stdout.strip() or None


def send(pid, number):
    """A signal to a process, if it is still there and ours."""
    try:
        os.kill(pid, number)
    except OSError as fault:
        if fault.errno not in {errno.ESRCH, errno.EPERM}:
            raise


def write(path: Path, text: str, mode=0o600):
    """Write a whole file, or leave the old one; nobody else may read it."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _cause(code):
    if code < 0:
        return f"was killed ({signal.Signals(-code).name})"
    return f"ended with exit code {code}"
