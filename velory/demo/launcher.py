"""`make demo`: PostgreSQL, Valkey, web, worker, beat, a mail catcher and three stand-ins, from one command.

It stays in the foreground, in one folder, starts again what dies, and takes everything along when it goes.
Variables: VELORY_PORT, VELORY_DEMO_DIR, VELORY_DEMO_NOW, VELORY_DEMO_SHIFT; DATABASE_URL and REDIS_URL name
services to be used instead of the embedded ones, STRIPE_SECRET_KEY=sk_test_… Stripe itself.
"""

import contextlib
import errno
import fcntl
import hashlib
import http.client
import json
import os
import shlex
import shutil
import socket
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from velory.demo.embedded import Postgres, Secrets, Valkey, place_of
from velory.demo.keeper import ROOT, Keeper, Kept, Refusal, Stopped, write
from velory.demo.payments import REAL, Payments

BEGAN = time.monotonic()
ROOM = 300  # MB that a demo takes
HOME_ZONE = "Europe/Stockholm"  # of VELORY_DEMO_NOW, unless it says otherwise
PATIENCE = 90  # seconds until the web has to answer
LOG_LIMIT = 20_000_000


def say(sentence):
    """A line for the person at the keyboard, with the seconds since the start."""
    print(f"[{time.monotonic() - BEGAN:6.1f} s] {sentence}", flush=True)


def ending_in_one_sentence(main):
    """Run `main`; a refusal or a full disk ends in a sentence and exit code 2, not in a traceback."""
    try:
        sys.exit(main() or 0)
    except Refusal as refusal:
        print(f"\n{refusal}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as fault:
        if fault.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        print(f"\nThe disk is full: {fault.filename or 'a file'} could not be written. Make room.", file=sys.stderr)
        sys.exit(2)


class Demo:
    """One demo: its folder, its addresses, its processes."""

    def __init__(self, folder: Path, port: int):
        self.folder, self.port = folder, port
        self.domain = os.environ.get("VELORY_BASE_DOMAIN") or "localhost"
        self.logs = folder / "logs"
        self.keeper = Keeper(say, folder / "processes.json")
        self.env = dict(os.environ)
        self.postgres: Postgres | None = None
        self.who_to_be: list[str] = []
        wanted = os.environ.get("VELORY_DEMO_NOW")
        self.starts_at = read_moment(wanted) if wanted else None
        if os.environ.get("VELORY_DEMO_SHIFT", "") not in {"", "0", "1"}:
            raise Refusal("VELORY_DEMO_SHIFT is wrong: 0 leaves the samples' dates as they stand, 1 shifts them.")

    # What happens, in order

    def run(self):
        self._make_folder()
        with self._alone():
            self.sockets = listen_on(self.port)
            self.keeper.listen()
            self.keeper.clear_the_way()
            try:
                self._open()
                self._stay()
            except Stopped:
                print(flush=True)
                say("Stopping")
            finally:
                self.keeper.stop_all()
                (self.folder / "env").unlink(missing_ok=True)
            say("Stopped. `make demo` goes on from here, `make clean` forgets the data.")

    def _open(self):
        keys = Secrets(self.folder)
        say(f"The demo of Velory, kept in {self.folder}")
        self._start_services(keys)
        self._write_environment(keys)
        self._set_clock()
        self._start_mail_catcher(keys)
        self._start_payments()
        self._start_machine()
        self._start_provider()
        if self._is_as_it_was_left():
            self._start_web()
            self._start_background()
        else:
            say("Bringing the tables up to date")
            self._manage("migrate_companies", doing="bringing the tables up to date")
            self._start_web()
            say("Opening the companies, importing their fleets")
        self._manage("demo_world", doing="opening the companies", echo=self._hear)
        self._start_background()
        self._wait_for_health()
        write(self.folder / "left", state_of_migrations())
        self._greet()

    def _stay(self):
        while True:
            self.keeper.tend()
            time.sleep(0.2)

    def _is_as_it_was_left(self):
        """Whether an own database stands here that was ready once, under the same migrations."""
        left = self.folder / "left"
        own = self.postgres is not None and not self.postgres.is_new
        return own and left.exists() and left.read_text() == state_of_migrations()

    # The folder

    def _make_folder(self):
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for name in ("logs", "mail", "files"):
                (self.folder / name).mkdir(mode=0o700, exist_ok=True)
        except PermissionError as fault:
            raise Refusal(f"{fault.filename} may not be written. Choose another VELORY_DEMO_DIR.") from None
        free = shutil.disk_usage(self.folder).free // 1_000_000
        if free < ROOM:
            raise Refusal(f"The disk is full: the demo takes {ROOM} MB, and {free} MB are free. Make room.")
        for schedule in self.folder.glob("beat-schedule*"):
            schedule.unlink()  # a killed beat may have left half of it; all of it stands in the settings
        for log in self.logs.glob("*.log"):
            if log.stat().st_size > LOG_LIMIT:
                log.unlink()

    @contextlib.contextmanager
    def _alone(self):
        """One demo in a folder."""
        with open(self.folder / "demo.lock", "a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise Refusal(
                    f"A demo is already running in {self.folder} ({lock.read().strip() or 'just starting'}). "
                    "Stop it first, or choose another folder with VELORY_DEMO_DIR and another VELORY_PORT."
                ) from None
            lock.truncate(0)
            lock.write(f"process {os.getpid()}, http://{self.domain}:{self.port}")
            lock.flush()
            yield

    # What is started

    def _start_services(self, keys):
        if self.env.get("DATABASE_URL"):
            say("Using the database that DATABASE_URL names")
        else:
            self.postgres = Postgres(self.folder, keys)
            say("Starting PostgreSQL, with a new database" if self.postgres.is_new else "Starting PostgreSQL")
            if self.postgres.home != self.folder:
                say(f"  its data stand in {self.postgres.home}, since PostgreSQL does not run as root")
            self.env["DATABASE_URL"] = self.postgres.start(self.keeper)
        if self.env.get("REDIS_URL"):
            say("Using the broker that REDIS_URL names")
        else:
            self.env["REDIS_URL"] = Valkey(self.folder, keys).start(self.keeper)

    def _write_environment(self, keys):
        """The variables for the processes, and in a file for `manage.py`."""
        self.mail_port = keys.port("mail_port")
        self.payments = Payments(keys, self.domain, self.port)
        self.machine_port = keys.port("machine_port")
        self.machine = f"http://dustin.{self.domain}:{self.machine_port}"
        self.openid_port = keys.port("openid_port")
        values = {
            "DATABASE_URL": self.env["DATABASE_URL"],
            "REDIS_URL": self.env["REDIS_URL"],
            "VELORY_SECRET_KEY": os.environ.get("VELORY_SECRET_KEY") or keys.word("secret_key"),
            "VELORY_DEMO": "1",
            "VELORY_PORT": str(self.port),
            "VELORY_BASE_DOMAIN": self.domain,
            "VELORY_MAIL_HOST": "127.0.0.1",
            "VELORY_DEMO_MAIL_PORT": str(self.mail_port),
            "VELORY_DEMO_MACHINE_PORT": str(self.machine_port),
            "VELORY_DEMO_OPENID_PORT": str(self.openid_port),
            "VELORY_MAIL_FROM": os.environ.get("VELORY_MAIL_FROM") or f"velory@{self.domain}",
            "VELORY_SIGN_UP": os.environ.get("VELORY_SIGN_UP") or "standard",
            "VELORY_CONTACT": os.environ.get("VELORY_CONTACT") or "operator@velory.example",
            "VELORY_MEDIA_DIR": os.environ.get("VELORY_MEDIA_DIR") or str(self.folder / "files"),
            **self.payments.environment,
        }
        write(self.folder / "env", "".join(f"{name}={_quoted(value)}\n" for name, value in values.items()))
        self.env |= values | {"VELORY_DEMO_DIR": str(self.folder), "PYTHONUNBUFFERED": "1"}
        self.env.setdefault("DJANGO_SETTINGS_MODULE", "velory.settings")

    def _set_clock(self):
        """VELORY_DEMO_NOW is where a new demo's clock starts; an old one's goes on from where it is."""
        state = self.folder / "clock.json"
        if self.starts_at and state.exists():
            say("  the clock goes on from where it was; `make clean` lets VELORY_DEMO_NOW set it anew")
        elif self.starts_at:
            write(state, json.dumps({"ahead": (self.starts_at - datetime.now(UTC)).total_seconds()}))

    def _start_mail_catcher(self, keys):
        self._keep("Mail catcher", "mail", "-m", "velory.demo.mailcatcher", self.mail_port, self.folder / "mail")

    def _start_payments(self):
        """The stand-in for Stripe, unless a test key of Stripe's own is given."""
        if self.payments.real:
            say(REAL)
        else:
            self._keep("Stand-in for Stripe", "stripe", *self.payments.command(self.folder))

    def _start_machine(self):
        """A distributor's machine: takes signed orders and reports signed."""
        options = ["--port", self.machine_port, "--folder", self.folder / "dustin", "--origin", self.machine]
        self._keep("Machine of Dustin", "dustin", "-m", "velory.demo.distributor", *options, "--follow-the-demo")

    def _start_provider(self):
        """An identity provider, at which Saimaa's people have accounts."""
        people = ROOT / "velory" / "demo" / "fleets" / "saimaa.csv"
        options = ["--port", self.openid_port, "--people", people]
        self._keep("Identity provider", "openid", "-m", "velory.demo.openid", *options)

    def _start_web(self):
        binds = [part for listening in self.sockets for part in ("--bind", f"fd://{listening.fileno()}")]
        options = ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--timeout", "120"]
        options += ["--graceful-timeout", "5", "--access-logfile", "-", "--log-level", "warning"]
        options += ["--no-control-socket"]
        fds = tuple(listening.fileno() for listening in self.sockets)
        self._keep("Web", "web", "-m", "gunicorn", *binds, *options, "velory.wsgi", pass_fds=fds)

    def _start_background(self):
        """Worker and beat, unless they run already."""
        if any(kept.name == "Beat" for kept in self.keeper.kept):
            return
        celery = ["-m", "celery", "-A", "velory.celery"]
        worker = ["worker", "--concurrency", "2", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
        self._keep("Worker", "worker", *celery, *worker)
        beat = ["beat", "--loglevel", "WARNING", "--pidfile=", "--schedule", self.folder / "beat-schedule"]
        self._keep("Beat", "beat", *celery, *beat)

    def _keep(self, name, log, *arguments, pass_fds=()):
        command = [sys.executable, *arguments]
        self.keeper.keep(Kept(name, command, self.logs / f"{log}.log", self.env, pass_fds=pass_fds))

    def _hear(self, line):
        """What `demo_world` says: its progress at once, who to sign in as when all is ready."""
        if self.who_to_be or line.startswith("Sign in"):
            self.who_to_be.append(line)
        elif line.strip():
            say(line)

    def _manage(self, *arguments, doing, echo=None):
        command = [sys.executable, ROOT / "manage.py", *arguments]
        self.keeper.run(command, doing, self.env, self.logs / f"{arguments[0]}.log", echo)

    # What is said at the end

    def _wait_for_health(self):
        say("Waiting for web, worker and beat")
        if not self.keeper.wait(lambda: ask_health(self.port, self.domain)[0] == 200, PATIENCE):
            status, said = ask_health(self.port, self.domain)
            if not status:
                raise Refusal(f"The web does not answer on port {self.port}. Its log: {self.logs / 'web.log'}")
            say(f"The health page answers {status}: {said[:500]}")

    def _greet(self):
        say("Ready. Ctrl-C stops everything.\n")
        for host, what in (
            (f"nordvik.{self.domain}", "Nordvik Energi AB, a company"),
            (f"saimaa.{self.domain}", "Saimaa Konepaja Oy, another one"),
            (f"ops.{self.domain}", "the operators"),
            (self.domain, "public pages: open a company of your own"),
            (f"mail.{self.domain}", "every letter that Velory sent"),
        ):
            print(f"  {f'http://{host}:{self.port}':42} {what}")
        print(f"  {self.payments.address:42} {self.payments.what}")
        print(f"  {self.machine:42} the desk of Dustin, to whose machine Saimaa's orders go")
        print("\n" + "\n".join(self.who_to_be), flush=True)


def listen_on(port):
    """The web's sockets: held here, so that the port is known to be free and a killed web loses no caller."""
    sockets = []
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            listening = socket.socket(family)
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((address, port))
            listening.listen(512)
        except OSError as fault:
            if fault.errno == errno.EADDRINUSE:
                raise Refusal(
                    f"Port {port} is taken by another program. "
                    f"Choose a free one, for example VELORY_PORT={port + 1} make demo"
                ) from None
            if fault.errno == errno.EACCES:
                raise Refusal(f"Port {port} may not be used by you. Choose a VELORY_PORT above 1023.") from None
            if family == socket.AF_INET:
                raise
            continue  # a machine without IPv6
        sockets.append(listening)
    return sockets


def state_of_migrations():
    """One word that changes when any migration does, of ours or of a library."""
    whole = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    for path in sorted([*ROOT.glob("*/migrations/*.py"), *ROOT.glob("velory/*/migrations/*.py")]):
        whole.update(path.name.encode() + path.read_bytes())
    return whole.hexdigest()


def read_moment(text):
    """VELORY_DEMO_NOW as a moment; a bare time of day is Swedish time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(f"VELORY_DEMO_NOW is {text}, not a date and time such as 2026-11-22T07:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(HOME_ZONE))


def ask_health(port, domain):
    """Status and text of the health page; status 0 where nobody answers."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/health/", headers={"Host": f"{domain}:{port}"})
        answer = line.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        line.close()


def forget(folder: Path):
    """`make clean`: the demo's data, and nothing else in its folder."""
    lock = folder / "demo.lock"
    if lock.exists():
        with lock.open() as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Refusal(f"A demo is running in {folder}. Stop it first.") from None
    for name in ("postgres", "postgres.new", "valkey", "mail", "files", "stripe", "dustin", "logs"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in ("env", "left", "clock.json", "push.json", "world.json", "secrets.json", "processes.json", "demo.lock"):
        (folder / name).unlink(missing_ok=True)
    for path in folder.glob("beat-schedule*"):
        path.unlink()
    if os.geteuid() == 0:
        shutil.rmtree(place_of(folder), ignore_errors=True)
    say(f"The demo's data in {folder} are forgotten")


def _quoted(value):
    """As a line of an env file: in quotes where it holds more than plain characters."""
    return value if shlex.quote(value) == value else "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def main():
    """`make demo`; with `--forget`, `make clean`."""
    if sys.argv[1:] == ["--forget"]:  # by any Python, with nothing installed
        return forget(Path(os.environ.get("VELORY_DEMO_DIR") or ROOT / ".velory").resolve())
    from velory.environment import DEMO_DIR, read

    read()  # a wrong variable stops the start with a sentence that names it
    return Demo(DEMO_DIR.resolve(), int(os.environ.get("VELORY_PORT") or 8000)).run()


if __name__ == "__main__":
    ending_in_one_sentence(main)
