"""Asking another machine: at a public address alone, within a time, and never more than was meant (R77, R79).

The name is looked up once and the address that came out is what is connected to, so that no second look-up can lead
elsewhere. Nothing is followed, unpacked or read beyond 64 KiB, unless the caller allows more.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from contextlib import suppress
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

MOST = 64 * 1024  # bytes of an answer
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 address in disguise
CUT = (OSError, http.client.HTTPException, ValueError)  # what a connection can end with


class NotAllowed(Exception):
    """The address is not one that may be asked."""


class NotReached(Exception):
    """Nobody is there."""


def parts_of(url: str) -> SplitResult:
    """An address in parts. Raises NotAllowed where it is not one that may be asked at all."""
    try:
        parts = urlsplit(url)
        sound = parts.hostname and parts.port != 0 and not parts.username and not parts.password
    except ValueError:
        sound = False
    if not sound or parts.scheme not in ({"http", "https"} if settings.DEMO else {"https"}):
        raise NotAllowed(url)
    return parts


def reachable(parts: SplitResult) -> str:
    """The address of a host's machine: a public one, or this machine itself in the demo. NotAllowed, NotReached."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as unknown:
        raise NotReached(parts.hostname) from unknown
    addresses = [entry[4][0] for entry in found]
    if not addresses or not all(_may_be_asked(str(address), parts.scheme) for address in addresses):
        raise NotAllowed(parts.hostname)
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


class Line(http.client.HTTPConnection):
    """One connection to an address that was looked up before; hung up when the time is over, whatever it is doing."""

    def __init__(self, parts: SplitResult, address: str, *, patience: float):
        self.parts, self.address, self.was_asked = parts, address, False
        self.is_safe = parts.scheme == "https"
        super().__init__(str(parts.hostname), parts.port or (443 if self.is_safe else 80), timeout=patience)
        self.alarm = threading.Timer(patience, self._cut)
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

    def ask(self, method: str, body: bytes | None, headers: dict[str, str], *, most: int = MOST) -> tuple[int, bytes]:
        """The number that was answered, which is what counts, and the words; none where they are too long."""
        self.alarm.start()
        target = (self.parts.path or "/") + (f"?{self.parts.query}" if self.parts.query else "")
        self.request(method, target, body, headers)
        with self.getresponse() as response:
            try:
                answer = response.read(most + 1)
            except CUT:
                answer = b""
            return response.status, answer if len(answer) <= most else b""

    def hang_up(self) -> None:
        """Nothing more is said."""
        self.alarm.cancel()
        self.close()

    def _cut(self):
        if self.wire is not None:
            with suppress(OSError):
                self.wire.shutdown(socket.SHUT_RDWR)
