"""The two commands on a bare machine, as far as a fast test can hold them."""

import json
import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
import time
from email.message import EmailMessage
from pathlib import Path

import pytest
import yaml

from velory.demo import embedded, launcher
from velory.demo.keeper import Keeper, Kept, Refusal, born
from velory.demo.mailcatcher import Catcher
from velory.environment import ROOT, Environment

pytestmark = pytest.mark.nowhere
sys.path.insert(0, str(ROOT / "bin"))


@pytest.fixture
def keeper(tmp_path):
    said = []
    keeper = Keeper(said.append, tmp_path / "processes.json")
    keeper.said = said
    yield keeper
    keeper.stopping = False
    keeper.stop_all()


def asleep(tmp_path, name="Sleeper", code="import time; time.sleep(60)"):
    return Kept(name, [sys.executable, "-c", code], tmp_path / f"{name}.log")


# The set-up


def test_a_step_is_done_again_only_when_its_inputs_changed(tmp_path, monkeypatch):
    import steps

    monkeypatch.setattr(steps, "KEPT", tmp_path)
    made = tmp_path / "made.css"
    assert steps.changed("style", "one", made)
    steps.done("style", "one")
    assert steps.changed("style", "one", made), "what it made is gone"
    made.touch()
    assert not steps.changed("style", "one", made)
    assert steps.changed("style", "two", made)


def test_every_icon_in_use_stands_in_the_sprite():
    import frontend

    sprite = (frontend.BUILT / "icons.svg").read_text()
    missing = set(frontend.icons()) - set(re.findall(r'id="i-([a-z0-9-]+)"', sprite))
    assert not missing, "run `make setup`"


def test_the_lock_of_the_front_end_names_no_registry():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    checked = [package for name, package in lock["packages"].items() if name and not package.get("inBundle")]
    assert all("integrity" in package for package in checked)


def test_make_alone_lists_every_command():
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.search(r"\.PHONY: (.*)", makefile).group(1).split())
    listed = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert targets == set(re.findall(r"^  make (\w+)", listed.stdout, re.MULTILINE))


def test_readme_tells_every_variable():
    import variables

    assert (ROOT / "README.md").read_text() == variables.written(), "run `make variables`"


# One clear sentence


def test_a_port_that_is_taken_is_told_in_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Refusal, match=rf"^Port {port} is taken by another program\. .*VELORY_PORT={port + 1}"):
            launcher.listen_on(port)


def test_a_clock_that_cannot_be_read_is_told_in_one_sentence():
    with pytest.raises(Refusal, match="^VELORY_DEMO_NOW is tomorrow, not a date"):
        launcher.read_moment("tomorrow")
    assert launcher.read_moment("2026-11-22T07:00").utcoffset().total_seconds() == 3600


def test_a_second_demo_in_the_same_folder_is_told_in_one_sentence(tmp_path):
    with launcher.Demo(tmp_path, 8000)._alone():
        with pytest.raises(Refusal, match="^A demo is already running in"):
            launcher.Demo(tmp_path, 8001)._alone().__enter__()
        with pytest.raises(Refusal, match="^A demo is running in"):
            launcher.forget(tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VELORY_PORT", "eighty"),
        ("DATABASE_URL", "mysql://somewhere"),
        ("REDIS_URL", "somewhere"),
        ("VELORY_BASE_DOMAIN", "two words"),
        ("VELORY_DEMO_SHIFT", "perhaps"),
    ],
)
def test_a_wrong_variable_stops_the_start_with_a_sentence_that_names_it(name, value, tmp_path):
    env = os.environ | {"VELORY_DEMO_DIR": str(tmp_path), name: value}
    ended = subprocess.run(
        [sys.executable, "-m", "velory.demo.launcher"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert ended.stderr.strip().startswith(f"{name} is wrong: ")
    assert "Value error" not in ended.stderr


def test_a_server_refuses_a_key_that_is_too_short(tmp_path):
    env = os.environ | {"VELORY_DEMO_DIR": str(tmp_path), "VELORY_SECRET_KEY": "short"}
    ended = subprocess.run(
        [sys.executable, "-c", "import velory.wsgi"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 3
    assert "VELORY_SECRET_KEY is wrong: 50 characters or more" in ended.stderr


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "VELORY_SECRET_KEY"])
def test_a_server_refuses_to_serve_without_what_it_needs(name, tmp_path):
    env = os.environ | {"VELORY_DEMO_DIR": str(tmp_path), name: ""}
    ended = subprocess.run(
        [sys.executable, "-c", "import velory.wsgi"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 3
    assert ended.stderr.startswith(f"{name} is not set: ")


# Kept alive


def test_what_dies_is_started_again_and_said(keeper, tmp_path):
    kept = keeper.keep(asleep(tmp_path))
    first = kept.process.pid
    os.kill(first, signal.SIGKILL)
    assert keeper.wait(lambda: kept.process and kept.process.pid != first, 5)
    assert keeper.said == ["Sleeper was killed (SIGKILL); starting it again"]


def test_what_dies_at_once_again_and_again_stops_the_demo_with_its_last_words(keeper, tmp_path, monkeypatch):
    monkeypatch.setattr("velory.demo.keeper.ENOUGH", 2)
    keeper.keep(asleep(tmp_path, "Broken", "raise SystemExit('no such table: devices')"))
    with pytest.raises(Refusal, match=r"(?s)^Broken ended 2 times right after its start.*no such table: devices"):
        keeper.wait(lambda: False, 20)


def test_nothing_goes_on_running_when_the_launcher_is_killed(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from velory.demo.keeper import Keeper, Kept\n"
        f"keeper = Keeper(print, Path({str(tmp_path)!r}) / 'processes.json')\n"
        "keeper.keep(Kept('Sleeper', ['sleep', '60'], keeper.register.with_name('log')))\n"
        "time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    register = tmp_path / "processes.json"
    _until(register.exists)
    child = json.loads(register.read_text())[0][1]
    assert born(child)
    process.kill()
    process.wait()
    _until(lambda: not born(child))


def test_what_a_killed_launch_left_is_cleared_away_by_the_next(keeper, tmp_path):
    left = subprocess.Popen(["sleep", "60"])
    keeper.register.write_text(json.dumps([["Sleeper", left.pid, born(left.pid)], ["Stranger", os.getpid(), "1"]]))
    keeper.clear_the_way()
    assert left.wait(1) == -signal.SIGTERM


def test_a_port_is_kept_from_run_to_run_while_it_is_free(tmp_path):
    port = embedded.Secrets(tmp_path).port("mail_port")
    assert embedded.Secrets(tmp_path).port("mail_port") == port
    with socket.create_server(("127.0.0.1", port)):
        assert embedded.Secrets(tmp_path).port("mail_port") != port
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0


# The mail catcher


def a_letter(message_id="<renewal-1@velory.localhost>", subject="Dags att välja"):
    letter = EmailMessage()
    letter["From"], letter["To"] = "velory@localhost", "nils.wikstrom@nordvik.example"
    letter["Subject"], letter["Message-ID"] = subject, message_id
    letter.set_content("Hej Nils")
    return letter


def test_a_letter_sent_twice_is_kept_once_and_counted_twice(tmp_path):
    catcher = Catcher(tmp_path)
    content = a_letter().as_bytes().replace(b"\n", b"\r\n")
    name = catcher.take(content, "velory@localhost", ["nils.wikstrom@nordvik.example"])
    assert catcher.take(content, "velory@localhost", ["nils.wikstrom@nordvik.example"]) == name
    other = catcher.take(a_letter("<renewal-2@velory.localhost>").as_bytes(), "velory@localhost", ["x@nordvik.example"])
    assert other != name
    assert len(list(tmp_path.glob("*.eml"))) == 2
    assert (tmp_path / f"{name}.eml").read_bytes() == content
    assert json.loads((tmp_path / f"{name}.json").read_text())["count"] == 2


def test_the_mail_catcher_answers_when_the_letter_is_on_the_disk(tmp_path):
    port = embedded.free_port()
    command = [sys.executable, "-m", "velory.demo.mailcatcher", str(port), str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            _until(lambda: not embedded.is_free(port))
            with smtplib.SMTP("127.0.0.1", port) as server:
                server.send_message(a_letter())
                assert len(list(tmp_path.glob("*.eml"))) == 1
        finally:
            process.terminate()


# Containers, which no engine runs here


def test_the_compose_file_runs_every_process_from_one_image():
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    ours = {name: service for name, service in compose["services"].items() if service.get("image") == "velory"}
    assert set(ours) == {"migrate", "web", "worker", "beat"}
    assert set(compose["services"]) - set(ours) == {"database", "broker"}
    assert all("healthcheck" in service for name, service in compose["services"].items() if name != "migrate")
    known = {name.upper() for name in Environment.model_fields}
    for service in ours.values():
        assert set(service["environment"]) <= known
    assert set(compose["volumes"]) == {"database", "broker", "files"}


def test_the_image_does_not_run_as_root_and_copies_what_exists():
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^USER velory$", dockerfile, re.MULTILINE)
    copied = re.search(r"^COPY (pyproject.*) \./$", dockerfile, re.MULTILINE).group(1).split()
    assert all((ROOT / name).exists() for name in copied)
    pinned = re.search(r"uv==([\d.]+)", dockerfile).group(1)
    import toolchain

    assert pinned == toolchain.UV


def _until(true, patience=10):
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.02)


def test_the_samples_come_along():
    assert {path.name for path in Path(launcher.__file__).parent.glob("fleets/*.csv")} == {"nordvik.csv", "saimaa.csv"}
