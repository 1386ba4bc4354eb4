"""200 employees order at once on two cores: no budget oversold, no request lost, and how long sending takes.

Run it by hand: `.venv/bin/python -m tests.bench.bench_ordering [--people 200] [--seconds 60 1]`. It opens a company,
serves it with real server processes (two workers of eight threads each, over HTTP), and drops it again. Every employee
has a thread; of every other one two tabs race for the same budget, half of these by pressing the same button twice, the
others with a cart that the second tab fills while the first sends. Before them some send alone, one after the other;
beside them a probe asks for next to nothing: that is the floor. It ends with 1 where money or a request was lost, or
where p95 is beyond what was promised.
"""

import argparse
import http.client
import random
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from html import unescape
from pathlib import Path
from threading import Barrier, Event, Lock, Thread
from urllib.parse import urlencode

from tests.bench.bench_hardware import drop  # sets Django up

# isort: split
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import setup_test_environment

from assets.models import Category, Partner
from orders.models import Allowance, Budget, Grant, Product, Variant
from orders.prices import Mode
from tests.running_demo import free_port
from velory import clock
from velory.people.models import Location, Person
from velory.tenancy.context import inside
from velory.tenancy.models import Company
from velory.tenancy.opening import open_company

ROOT = Path(__file__).resolve().parents[2]
HOST, NOBODYS = "bench.localhost", "nobody.localhost"
ALONE = "send, alone"
FLOOR = "floor"  # an unknown host is answered with a constant: what being asked costs here and now
PROMISED = 500  # ms, p95 of the POST that sends
QUIET = 150  # ms, median of sending with nobody beside: on a machine busier than that the promise is not judged
FIRST = 10  # employees who send one after the other, before the crowd comes
GIVEN, PRICE = Decimal(10000), Decimal(6000)  # a budget bears one and not two
OVERSOLD = """
SELECT g.person_id FROM orders_ledgerline l
  JOIN orders_grant g ON g.id = l.grant_id
  JOIN orders_allowance a ON a.budget_id = g.budget_id AND a.category_id = l.category_id
 GROUP BY g.person_id, a.amount HAVING a.amount + sum(l.amount) < 0
"""
LOST = """
SELECT r.ref FROM orders_productrequest r
  LEFT JOIN orders_requestline n ON n.request_id = r.id
  LEFT JOIN orders_ledgerline l ON l.cause = r.ref || '/' || n.number AND l.kind = 'reserve'
  LEFT JOIN journal_entry e ON e.about_type = 'orders.productrequest' AND e.about_id = r.id AND e.step = 'send'
 WHERE n.id IS NULL OR l.id IS NULL OR l.amount <> -n.amount OR e.id IS NULL
"""


def fill(people: int) -> list[Person]:
    """Employees with a budget for one phone, and the phone."""
    dustin = Partner.objects.create(name="Dustin", integrated=True, email="order@dustin.example")
    phones = Category.objects.get(code="phones")
    product = Product.objects.create(name="Fairphone 5", category=phones, distributor=dustin)
    Variant.objects.create(product=product, article_number="5011", currency="SEK", price=PRICE)
    budget = Budget.objects.create(name="Standard", currency="SEK")
    Allowance.objects.create(budget=budget, category=phones, amount=GIVEN, quota=5, months=24, mode=Mode.ONE_OFF)
    place, at = Location.objects.create(name="Stockholm", address="Kungsgatan 1"), clock.now()
    boss = Person.objects.create(email="boss@bench.example", first_name="Karin", last_name="Ström", language="en")
    found = [
        Person.objects.create(
            email=f"n{n}@bench.example", first_name="Björn", last_name=f"Persson {n}", language="en", location=place,
            approver=boss,
        )
        for n in range(people)
    ]  # fmt: skip
    Grant.objects.bulk_create(Grant(person=p, budget=budget, how=Grant.How.HAND, from_at=at) for p in found)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return found


@dataclass
class Heard:
    """What all tabs were answered."""

    times: dict[str, list[float]] = field(default_factory=dict)
    sent: list[tuple[int, str]] = field(default_factory=list)
    refused: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def took(self, what: str, ms: float) -> None:
        with self.lock:
            self.times.setdefault(what, []).append(ms)


class Tab:
    """A browser's tab of a person: a connection of its own, their session."""

    def __init__(self, person, session, port, heard):
        self.person, self.port, self.heard = person, port, heard
        self.cookies, self.token = {settings.SESSION_COOKIE_NAME: session}, ""
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def ask(self, what, address, form=None):
        """(status, where to, body); how long it took is kept under `what`."""
        body = urlencode(form | {"csrfmiddlewaretoken": self.token}) if form is not None else None
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Host": NOBODYS if what == FLOOR else f"{HOST}:{self.port}", "Cookie": cookies}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        start = time.perf_counter()
        try:
            self.connection.request("GET" if body is None else "POST", address, body, headers)
            answer = self.connection.getresponse()
            text = answer.read().decode()
            self._remember(answer, text)
        except (OSError, http.client.HTTPException) as fault:
            self.connection.close()
            self.heard.faults.append(f"{what}: {fault!r}")
            return 0, "", ""
        self.heard.took(what, (time.perf_counter() - start) * 1000)
        if what != FLOOR and (answer.status >= 500 or answer.status in {400, 403, 404}):
            self.heard.faults.append(f"{what}: {answer.status}")
        return answer.status, answer.headers.get("Location", ""), text

    def _remember(self, answer, text):
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _is, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        self.token = _hidden(text, "csrfmiddlewaretoken") or self.token

    def fill_the_cart(self, product, variant) -> None:
        """The store, the product, into the cart."""
        self.ask("store", "/store/")
        self.ask("put in cart", f"/store/{product}/", {"what": f"{variant}/one_off", "quantity": "1"})

    def look(self) -> dict | None:
        """The checkout's form as it stands there; None where the cart says that it can't be sent."""
        status, to, text = self.ask("checkout", "/store/checkout/")
        if status == 302:
            self.say_no(self.ask("cart", to)[2])
            return None
        place = re.search(r'<option value="([^"]*)" selected', text)
        return {"seen": _hidden(text, "seen"), "place": place.group(1) if place else ""}

    def press(self, form, what="send") -> None:
        """Send it; the answer is a request or a reason."""
        status, to, text = self.ask(what, "/store/checkout/", form)
        if status == 303:
            self.heard.sent.append((self.person.pk, to.strip("/").split("/")[-1]))
        elif status:
            self.say_no(text)

    def say_no(self, text) -> None:
        """The reason that the page gives; a refusal without one is a fault."""
        said = re.search(r'role="alert".*?</svg>\s*<div[^>]*>(.*?)</div>', text, re.DOTALL) or re.search(
            r'i-lock"/></svg>([^<]+)', text
        )
        empty = "Your cart is empty" if "Your cart is empty" in text else ""
        reason = " ".join(unescape(said.group(1)).split()) if said else empty
        if reason:
            self.heard.refused[re.sub(r"<[^>]+>", "", reason)] += 1
        else:
            self.heard.faults.append("a refusal without a reason")


def _hidden(text, name) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    return found.group(1) if found else ""


def one_employee(n, tabs, wish, pause, together):
    """One of the employees: alone, or racing from two tabs."""
    first, second = tabs
    first.fill_the_cart(*wish)
    second.cookies, second.token = first.cookies, first.token
    form = first.look()
    together.wait()
    time.sleep(pause)
    if form is None:
        return
    if n % 2 == 0:
        first.press(form)
        return
    race = Barrier(2)

    def other():
        race.wait()
        if n % 4 == 1:
            second.press(form)
        else:
            second.fill_the_cart(*wish)
            if again := second.look():
                second.press(again)

    beside = Thread(target=other)
    beside.start()
    race.wait()
    first.press(form)
    beside.join()


def run(people, sessions, wish, port, seconds) -> tuple[Heard, float]:
    """Everybody at once, their presses spread over some seconds; with the floor measured beside them."""
    heard, over, dice = Heard(), Event(), random.Random(7)
    for person in people[:FIRST]:
        tab = Tab(person, sessions[person.pk], port, heard)
        tab.fill_the_cart(*wish)
        tab.press(tab.look() or {}, ALONE)
    alone, people = heard.times[ALONE], people[FIRST:]
    together = Barrier(len(people) + 1)

    def probe():
        tab = Tab(people[0], "", port, heard)
        while not over.is_set():
            tab.ask(FLOOR, "/")
            time.sleep(0.1)

    threads = []
    for n, person in enumerate(people):
        tabs = [Tab(person, sessions[person.pk], port, heard) for _tab in range(2)]
        arguments = (n, tabs, wish, dice.random() * seconds, together)
        threads.append(Thread(target=one_employee, args=arguments))
    for thread in threads:
        thread.start()
    together.wait()
    heard.times = {ALONE: alone}  # without the time in which all of them came in at once
    watching, start = Thread(target=probe), time.perf_counter()
    watching.start()
    for thread in threads:
        thread.join()
    over.set()
    watching.join()
    return heard, time.perf_counter() - start


def what_is_wrong(heard, people) -> list[str]:
    """What must never be: an oversold budget, a lost or doubled request, a fault, a refusal without a reason."""
    with connection.cursor() as cursor:
        oversold, lost = (_all(cursor, query) for query in (OVERSOLD, LOST))
        kept = dict(_all(cursor, "SELECT ref, requester_id FROM orders_productrequest"))
    found = [f"{len(oversold)} budgets are oversold"] if oversold else []
    found += [f"{len(lost)} requests are not whole"] if lost else []
    missing = [ref for person, ref in heard.sent if kept.get(ref) != person]
    found += [f"{len(missing)} requests were promised and are not there"] if missing else []
    silent = set(kept) - {ref for _person, ref in heard.sent}
    found += [f"{len(silent)} requests are there and nobody was told"] if silent else []
    without = {person.pk for person in people} - set(kept.values())
    found += [f"{len(without)} people got nothing"] if without else []
    return found + [f"{n} × {fault}" for fault, n in Counter(heard.faults).items()]


def _all(cursor, query):
    cursor.execute(query)
    return cursor.fetchall()


def p95(times) -> float:
    """What nineteen in twenty did not exceed."""
    return sorted(times)[max(0, round(0.95 * len(times)) - 1)]


def tell(title, heard, took, people) -> None:
    """The figures of a run."""
    print(f"\n{title}: {len(people) - FIRST} employees, {len(heard.times['send'])} presses in {took:.0f} s")
    print(f"{'':14}{'times':>7}{'p50 ms':>9}{'p95 ms':>9}{'longest':>9}")
    for what, times in sorted(heard.times.items()):
        print(f"{what:14}{len(times):>7}{statistics.median(times):>9.0f}{p95(times):>9.0f}{max(times):>9.0f}")
    requests = len({ref for _person, ref in heard.sent})
    print(f"{requests} requests; {len(heard.sent) - requests} presses were shown one that was there already")
    for reason, n in heard.refused.most_common():
        print(f"{n} × refused: {reason}")


def what_is_late(heard) -> list[str]:
    """Whether sending took longer than was promised, where the machine had time for it."""
    alone = statistics.median(heard.times[ALONE])
    if alone > QUIET:
        print(f"Other work keeps this machine busy: {alone:.0f} ms with nobody beside. p95 is not judged.")
        return []
    took = p95(heard.times["send"])
    return [f"p95 of sending is {took:.0f} ms, not {PROMISED}"] if took > PROMISED else []


def served(port):
    """The server's processes, once they answer."""
    gunicorn = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"]
    options = [
        "--workers",
        "2",
        "--threads",
        "8",
        "--log-level",
        "warning",
        "--no-control-socket",
        "--keep-alive",
        "75",
    ]
    server = subprocess.Popen([*gunicorn, *options, "tests.bench.serving"], cwd=ROOT)
    for _try in range(150):
        try:
            asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            asked.request("GET", "/", headers={"Host": NOBODYS})
            asked.getresponse()
            return server
        except OSError:
            time.sleep(0.2)
    server.terminate()
    raise SystemExit("The server does not answer.")


def bench(people: int, seconds: float) -> list[str]:
    """One company, one run; what is wrong with it."""
    if left := Company.objects.filter(slug="bench").first():
        drop(left)
    company = open_company("Bench", slug="bench", domain=HOST, plan="pro", features=["store"])
    port = free_port()
    try:
        with inside(company):
            crowd = fill(people + FIRST)
            sessions = {person.pk: _session_of(person) for person in crowd}
            wish = Product.objects.values_list("ref", "variants__ref").get()
        server = served(port)
        try:
            heard, took = run(crowd, sessions, wish, port, seconds)
        finally:
            server.terminate()
            server.wait(30)
        tell(f"Spread over {seconds:.0f} s", heard, took, crowd)
        with inside(company):
            wrong = what_is_wrong(heard, crowd)
        return wrong + (what_is_late(heard) if seconds >= 30 else [])
    finally:
        drop(company)


def _session_of(person) -> str:
    browser = Client(HTTP_HOST=HOST)
    browser.force_login(person, backend="velory.people.backends.PersonBackend")
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def main() -> None:
    """In the course of a minute, as was promised; then all in the same second, to see that nothing is lost."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--people", type=int, default=200)
    asked.add_argument("--seconds", type=float, nargs="+", default=[60, 1])
    options = asked.parse_args()
    setup_test_environment(debug=False)
    settings.DEBUG = False
    wrong = [fault for seconds in options.seconds for fault in bench(options.people, seconds)]
    print("\n" + ("; ".join(wrong) if wrong else "Nothing oversold, nothing lost, every refusal with its reason."))
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
