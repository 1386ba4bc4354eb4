"""The demo's mail server: takes every letter and keeps it as a file; none goes on to anybody.

A letter is a file in the folder, named by a hash of its Message-ID. The same Message-ID again changes nothing but
the count in the file beside it, so a letter that was sent twice can be told from two letters. "Taken" (250) is
answered when the letter is on the disk. Files: `<name>.eml`, the letter as it came; `<name>.json`, count and envelope.
"""

import asyncio
import hashlib
import json
import os
import signal
import sys
from email import message_from_bytes, policy
from pathlib import Path

from aiosmtpd import smtp

LARGEST = 30 * 1024 * 1024


class Catcher:
    """What aiosmtpd calls for each letter. One at a time: nothing here awaits."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd calls it so
        try:
            self.take(envelope.original_content, envelope.mail_from, envelope.rcpt_tos)
        except OSError as fault:
            print(f"A letter could not be kept: {fault}", file=sys.stderr, flush=True)
            return "452 Requested action not taken: insufficient system storage"
        return "250 OK"

    def take(self, content: bytes, sender: str, recipients: list[str]) -> str:
        """Keep a letter, once; answers its name."""
        name = name_of(content)
        letter, beside = self.folder / f"{name}.eml", self.folder / f"{name}.json"
        facts = _read(beside)
        if not letter.exists():
            _write(letter, content)
        facts["count"] = facts.get("count", 0) + 1
        facts["from"] = sender
        facts["to"] = list(dict.fromkeys([*facts.get("to", []), *recipients]))
        _write(beside, json.dumps(facts, ensure_ascii=False).encode())
        return name


def name_of(content: bytes) -> str:
    """A hash of the Message-ID; of the whole letter where it has none."""
    head = content.split(b"\r\n\r\n", 1)[0].split(b"\n\n", 1)[0]
    key = str(message_from_bytes(head + b"\r\n\r\n", policy=policy.SMTP).get("Message-ID", "")).strip()
    return hashlib.sha256(key.encode(errors="surrogateescape") if key else content).hexdigest()[:32]


def _read(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}


def _write(path, content):
    """On the disk whole, or not at all."""
    fresh = path.with_suffix(path.suffix + ".new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


async def serve(port: int, folder: Path):
    """Take letters until SIGTERM or Ctrl-C."""
    catcher, loop, stop = Catcher(folder), asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    def conversation():
        return smtp.SMTP(catcher, data_size_limit=LARGEST, enable_SMTPUTF8=True, hostname="velory.localhost")

    server = await loop.create_server(conversation, "127.0.0.1", port)
    await stop.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
