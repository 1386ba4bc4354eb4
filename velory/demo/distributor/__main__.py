"""The machine as a process: `python -m velory.demo.distributor --port 4343 --folder … --origin …`."""

import argparse
import signal
import threading
from pathlib import Path

from velory.demo.distributor.machine import Machine
from velory.demo.distributor.sender import Sender
from velory.demo.stripe.server import Server


def main():
    """Serve until SIGTERM or Ctrl-C."""
    reads = argparse.ArgumentParser(description="A stand-in for a distributor's machine, on loopback")
    reads.add_argument("--port", type=int, required=True)
    reads.add_argument("--folder", type=Path, help="where it keeps its books; without one it forgets")
    reads.add_argument("--origin", default="", help="the address of its page, as a browser knows it")
    reads.add_argument("--follow-the-demo", action="store_true", help="age on the demo's clock")
    given = reads.parse_args()
    machine = Machine(given.folder, origin=given.origin, follows_the_demo=given.follow_the_demo)
    server = Server(machine, given.port)
    Sender(machine).start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()
