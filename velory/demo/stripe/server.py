"""The stand-in on a port of loopback."""

import socket
import sys
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol
from urllib.parse import urlsplit

from velory.demo.stripe.api import Answer, Request

LARGEST = 1_000_000


class Answering(Protocol):
    """Whatever stands in for somebody: it answers one request after the other."""

    def answer(self, request: Request) -> Answer:
        """The answer to a request."""
        ...


class Server(ThreadingHTTPServer):
    """A thread for each caller; none of them keeps the process."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, standin: Answering, port: int = 0):
        self.standin = standin
        super().__init__(("127.0.0.1", port), Handler)
        self.port = self.server_address[1]

    def handle_error(self, request, client_address):
        """A caller who went away is none; anything else is told."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            traceback.print_exc()


class Handler(BaseHTTPRequestHandler):
    """One caller."""

    server: Server
    _headers_buffer: list[bytes]  # the library's own: head and body go out in one piece
    protocol_version = "HTTP/1.1"
    server_version = "VeloryStandIn"
    sys_version = ""
    timeout = 60
    disable_nagle_algorithm = True

    def _serve(self):
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST:
            return self._send(Answer(413, b"Too large", {"Content-Type": "text/plain"}))
        url = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, url.path, url.query, headers, self.rfile.read(length))
        try:
            answer = self.server.standin.answer(request)
        except Exception:  # noqa: BLE001 - a fault of the stand-in's own is told, and looks like one of Stripe's
            traceback.print_exc()
            answer = Answer(500, b'{"error": {"type": "api_error", "message": "The stand-in failed; see its log."}}')
        return self._send(answer)

    do_GET = do_HEAD = do_POST = do_DELETE = _serve  # noqa: N815 - their names in the library

    def _send(self, answer):
        if answer.cut:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self._headers_buffer.append(b"\r\n")
        self._headers_buffer.append(b"" if self.command == "HEAD" else answer.body)
        self.flush_headers()

    def log_message(self, format, *args):  # noqa: A002 - its name in the library
        """Nothing: the state tells what happened."""
