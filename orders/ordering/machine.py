"""Asking a distributor's machine: one signed POST, to an address that may be asked, within ten seconds (R77, R79).

The name is looked up once and the address that came out is what is connected to, so that no second look-up can lead
elsewhere. Nothing is followed, unpacked or read beyond 64 KiB.
"""

import http.client
import ipaddress
import json
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext_noop as _

from orders.ordering.signing import HEADER, signed
from velory.unseen import holds_unseen

PATIENCE = 10  # seconds, for all of it
MOST = 64 * 1024  # bytes of an answer
AGAIN = {408, 409, 425, 429}  # answers of the kind 4xx that mean: not now
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 address in disguise

NOT_ALLOWED = _("The address of their machine can't be used: it must begin with https:// and be public.")
NO_ANSWER = _(
    "Their machine did not answer. They may have the order all the same: sending it again makes no second one."
)
NOT_REACHED = _("Their machine could not be reached.")
REFUSED = _("Their machine refused the order.")
ELSEWHERE = _("Their machine points to another address, which is not followed.")
TROUBLE = _("Their machine has trouble.")


@dataclass(eq=False)
class Trouble(Exception):
    """Why their machine has not taken an order: `for_good`, or for now. `answer`: the number that it answered."""

    reason: str
    answer: str = ""
    for_good: bool = False


def ask(url: str, body: bytes, *, secrets: list[str], key: str, wall: datetime) -> str:
    """Hand over an order; returns the number under which they have it, if they said one. Raises Trouble.

    `key` is the same for every try: whoever has taken it answers as the first time and takes no second one.
    """
    headers = {
        "Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "identity",
        "User-Agent": "Velory", "Idempotency-Key": key, HEADER: signed(body, secrets, wall=wall),
    }  # fmt: skip
    parts = parts_of(url)
    line = _Line(parts, reachable(parts))
    try:
        status, answer = line.post(body, headers)
    except (OSError, http.client.HTTPException, ValueError) as cut:
        raise Trouble(NO_ANSWER if line.was_asked else NOT_REACHED) from cut
    finally:
        line.hang_up()
    judge(status)
    return number_in(answer)


def judge(status: int) -> None:
    """What an answer means. Raises Trouble unless they have taken it."""
    if 200 <= status < 300:
        return
    if 300 <= status < 400:
        raise Trouble(ELSEWHERE, f"({status})", for_good=True)
    if 400 <= status < 500 and status not in AGAIN:
        raise Trouble(REFUSED, f"({status})", for_good=True)
    raise Trouble(TROUBLE, f"({status})")


def number_in(answer: bytes) -> str:
    """Their order number, where the answer names one that can be shown."""
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError):
        return ""
    number = said.get("order_number") if isinstance(said, dict) else None
    number = " ".join(number.split()) if isinstance(number, str) else ""
    return "" if len(number) > 80 or holds_unseen(number) else number


def parts_of(url: str) -> SplitResult:
    """An address in parts. Raises Trouble where it is not one that may be asked at all."""
    try:
        parts = urlsplit(url)
        sound = parts.hostname and parts.port != 0 and not parts.username and not parts.password
    except ValueError:
        sound = False
    if not sound or parts.scheme not in ({"http", "https"} if settings.DEMO else {"https"}):
        raise Trouble(NOT_ALLOWED, for_good=True)
    return parts


def reachable(parts: SplitResult) -> str:
    """The address of a host's machine: a public one, or this machine itself in the demo. Raises Trouble."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as unknown:
        raise Trouble(NOT_REACHED) from unknown
    addresses = [entry[4][0] for entry in found]
    if not addresses or not all(_may_be_asked(str(address), parts.scheme) for address in addresses):
        raise Trouble(NOT_ALLOWED, for_good=True)
    return str(addresses[0])


def _may_be_asked(said: str, scheme: str) -> bool:
    address = ipaddress.ip_address(said.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.sixtofour or address.teredo or address in NAT64:
            return False
        address = address.ipv4_mapped or address
    if settings.DEMO and address.is_loopback:
        return True
    return scheme == "https" and address.is_global and not address.is_multicast


class _Line(http.client.HTTPConnection):
    """One connection to an address that was looked up before; hung up when the time is over, whatever it is doing."""

    def __init__(self, parts: SplitResult, address: str):
        self.parts, self.address, self.was_asked = parts, address, False
        self.is_safe = parts.scheme == "https"
        super().__init__(str(parts.hostname), parts.port or (443 if self.is_safe else 80), timeout=PATIENCE)
        self.alarm = threading.Timer(PATIENCE, self._cut)
        self.alarm.daemon = True
        self.wire: socket.socket | None = None  # the base class lets go of its own before the answer is read

    def connect(self):
        self.sock = self.wire = socket.create_connection((self.address, self.port), self.timeout)
        if self.is_safe:
            context = ssl.create_default_context()
            safe = context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = self.wire = safe
            safe.do_handshake()
        self.was_asked = True

    def post(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """The number that was answered, which is what counts, and the words; none where they are too long."""
        self.alarm.start()
        target = (self.parts.path or "/") + (f"?{self.parts.query}" if self.parts.query else "")
        self.request("POST", target, body, headers)
        with self.getresponse() as response:
            try:
                answer = response.read(MOST + 1)
            except (OSError, http.client.HTTPException, ValueError):
                answer = b""
            return response.status, answer if len(answer) <= MOST else b""

    def hang_up(self) -> None:
        """Nothing more is said."""
        self.alarm.cancel()
        self.close()

    def _cut(self):
        if self.wire is not None:
            with suppress(OSError):
                self.wire.shutdown(socket.SHUT_RDWR)
