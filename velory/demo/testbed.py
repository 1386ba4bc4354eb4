"""Runs one command with a database and a broker of its own, made for it and thrown away after it.

`python -m velory.demo.testbed COMMAND …`: what `make test` runs in, and any single test:
`make with c="pytest tests/kernel"`. DATABASE_URL and REDIS_URL, where set, are used instead.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from velory.demo.embedded import Postgres, Secrets, Valkey, place_of
from velory.demo.keeper import ROOT, Keeper, Refusal, Stopped, dies_with_this_process
from velory.demo.launcher import ending_in_one_sentence, say


def main(command):
    """Run the command; answers its exit code."""
    folder = Path(tempfile.mkdtemp(prefix="velory-test-"))
    folder.chmod(0o711)  # the database server may be another user
    keeper = Keeper(say, folder / "processes.json")
    keeper.listen()
    postgres = None
    try:
        keys = Secrets(folder)
        env = os.environ | {"VELORY_DEMO_DIR": str(folder), "VELORY_SECRET_KEY": keys.word("secret_key")}
        if not env.get("DATABASE_URL"):
            postgres = Postgres(folder, keys, durable=False)
            env["DATABASE_URL"] = postgres.start(keeper)
        if not env.get("REDIS_URL"):
            env["REDIS_URL"] = Valkey(folder, keys, durable=False).start(keeper)
        return _run(command, env, keeper)
    except Stopped:
        return 130
    finally:
        with contextlib.suppress(Stopped):
            keeper.stop_all()
        for place in {folder, postgres.home if postgres else folder, _stand_in(folder)}:
            shutil.rmtree(place, ignore_errors=True)


def _run(command, env, keeper):
    """The command at the terminal: its own output, its own Ctrl-C, its own exit code."""
    with subprocess.Popen(command, cwd=ROOT, env=env, preexec_fn=dies_with_this_process(15)) as process:  # noqa: PLW1509
        try:
            while process.poll() is None:
                keeper.tend()
                time.sleep(0.1)
        except Stopped:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            raise
        return process.returncode


def _stand_in(folder):
    try:
        return place_of(folder)
    except Refusal:
        return folder


if __name__ == "__main__":
    ending_in_one_sentence(lambda: main(sys.argv[1:]))
