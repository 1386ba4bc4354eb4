"""The stand-in as a process: `python -m velory.demo.stripe --port 4242 --folder … --webhook … --secret …`."""

import argparse
import signal
import threading
from pathlib import Path

from velory.demo.stripe.clock import Clock
from velory.demo.stripe.server import Server
from velory.demo.stripe.standin import Standin
from velory.demo.stripe.webhooks import Sender


def main():
    """Serve until SIGTERM or Ctrl-C."""
    reads = argparse.ArgumentParser(description="A stand-in for Stripe, on loopback")
    reads.add_argument("--port", type=int, required=True)
    reads.add_argument("--folder", type=Path, help="where it keeps what happened; without one it forgets")
    reads.add_argument("--origin", default="", help="the address of its pages, as a browser knows it")
    reads.add_argument("--webhook", help="where events are sent")
    reads.add_argument("--secret", default="", help="what they are signed with")
    reads.add_argument("--follow-the-demo", action="store_true", help="age on the demo's clock")
    given = reads.parse_args()
    standin = Standin(given.folder, Clock(follows_the_demo=given.follow_the_demo), given.origin)
    server = Server(standin, given.port)
    standin.origin = given.origin or f"http://127.0.0.1:{server.port}"
    if given.webhook:
        Sender(standin, given.webhook, given.secret).start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()
