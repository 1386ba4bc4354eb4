"""The provider as a process: `python -m velory.demo.openid --port 4344 --people fleets/saimaa.csv`."""

import argparse
import csv
import signal
import threading
from pathlib import Path

from velory.demo.openid.provider import OpenIdProvider, subject_of
from velory.demo.stripe.server import Server


def main():
    """Serve until SIGTERM or Ctrl-C."""
    reads = argparse.ArgumentParser(description="A stand-in for an identity provider, on loopback")
    reads.add_argument("--port", type=int, required=True)
    reads.add_argument("--people", type=Path, required=True, help="a fleet: whoever stands in it has an account")
    given = reads.parse_args()
    provider = OpenIdProvider(f"http://127.0.0.1:{given.port}")
    provider.client()
    take_in(provider, given.people)
    server = Server(provider, given.port)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever(poll_interval=0.1)


def take_in(provider: OpenIdProvider, fleet: Path) -> None:
    """An account for everybody who stands in a file of devices and their holders."""
    with fleet.open(encoding="cp1252", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            if row["email"]:
                provider.person(
                    subject_of(row["email"]), email=row["email"], email_verified=True,
                    given_name=row["first_name"], family_name=row["last_name"],
                )  # fmt: skip


if __name__ == "__main__":
    main()
