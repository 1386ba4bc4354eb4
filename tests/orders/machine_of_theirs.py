"""A distributor's machine as the tests need it: it answers what it is told to, one answer after the other, and keeps
what it was asked. Orders it has taken are answered the same whenever they come again under their key."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class TheirMachine:
    """`answers` are taken in turn, then every order is taken: a number, or what a function does with the request."""

    def __init__(self, *answers):
        self.answers, self.asked, self.taken = list(answers), [], {}
        machine = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                machine.answer(self)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/orders"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def answer(self, request):
        body = request.rfile.read(int(request.headers["Content-Length"]))
        self.asked.append((dict(request.headers), body))
        answer = self.answers.pop(0) if self.answers else 201
        if callable(answer):
            answer(self, request)
        elif 200 <= answer < 300:
            self.take(request, answer)
        else:
            say(request, answer, b"{}")

    def take(self, request, status=201):
        """They have it: once, however often it is said."""
        key = request.headers["Idempotency-Key"]
        number = self.taken.setdefault(key, f"SO-{5518207 + len(self.taken)}")
        say(request, status, json.dumps({"order_number": number}).encode())

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def say(request, status, body, **headers):
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


def says(status, body, **headers):
    """An answer in their own words, after which they have the order if it is a 2xx."""

    def answer(machine, request):
        if 200 <= status < 300:
            machine.taken[request.headers["Idempotency-Key"]] = "-"
        say(request, status, body, **headers)

    return answer


def takes_it_and_is_silent(seconds):
    """The order is taken, and the answer does not come in time."""

    def answer(machine, request):
        machine.taken[request.headers["Idempotency-Key"]] = "SO-5518207"
        time.sleep(seconds)

    return answer


def drips(seconds, first=b""):
    """A byte now and then, so that no single wait is long; `first` comes at once."""

    def answer(machine, request):
        end = time.monotonic() + seconds
        try:
            request.wfile.write(first)
            while time.monotonic() < end:
                request.wfile.write(b"X")
                request.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass

    return answer


def hangs_up(machine, request):
    """The line is cut without a word."""
    request.connection.close()
