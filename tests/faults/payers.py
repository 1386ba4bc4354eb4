"""People who buy out their devices in a running demo, without a screen; and the stand-in that they pay at."""

import http.client
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request

import psycopg

from tests.journeys.test_sixteen_presses import Browser, Stay

WHO_MAY_BUY = """
import json
from assets.models import Device
from velory import clock
from velory.tenancy.context import inside
from velory.tenancy.models import Company
with inside(Company.objects.get(slug="nordvik")):
    found = [
        (d.ref, d.holder.email) for d in Device.objects.filter(status="active", holder__isnull=False).order_by("pk")
        if d.renewal_on and d.holder.email and d.start_buyout.step.reason(d, by=d.holder, at=clock.now()) is None
    ]
    print(json.dumps(found))
"""
HOW_IT_STANDS = """
SELECT d.status, a.ref, a.uuid::text, a.state, a.amount_minor,
    (SELECT coalesce(sum(amount_minor), 0)::int FROM payments_money WHERE attempt_id = a.id AND kind = 'charge'),
    (SELECT coalesce(sum(amount_minor), 0)::int FROM payments_money WHERE attempt_id = a.id AND kind = 'refund'),
    (SELECT coalesce(string_agg(state, ' '), '') FROM payments_refund WHERE attempt_id = a.id)
FROM assets_device d LEFT JOIN payments_attempt a ON a.kind = 'renewals.buyout' AND a.subject_ref = d.ref
WHERE d.ref = %s ORDER BY a.id
"""
NAMES = ("device", "ref", "uuid", "state", "minor", "captured", "back", "refunds")
GONE = (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError)
CARD = {"number": "4242 4242 4242 4242", "expiry": "12 / 34", "cvc": "123", "name": ""}


class Payer(Browser):
    """Somebody at their desk, who presses again where nobody answers."""

    def __init__(self, demo, email):
        super().__init__(demo)
        self.email = email
        self.sign_in(email)

    def form_to_buy(self, ref):
        """What the page with the button *Buy out device* sends."""
        page = self.ask(f"/devices/{ref}/start_buyout/")[1]
        hidden = re.findall(r'name="(csrfmiddlewaretoken|version|seen)" value="([^"]*)"', page)
        return dict(hidden) | {"understood": "on"}

    def press_to_buy(self, ref, form=None, *, patience=60):
        """Press on *Buy out device*; returns the address of Stripe's page and how often one had to press."""
        path, form = f"/devices/{ref}/start_buyout/", form or self.form_to_buy(ref)
        deadline, presses = time.monotonic() + patience, 0
        while True:
            presses += 1
            try:
                status, where = self.go(path, form)
            except GONE:
                status, where = 0, ""
            if status == 303:
                return where, presses
            assert time.monotonic() < deadline, f"{ref}: {status} after {presses} presses"
            time.sleep(0.3)

    def go(self, path, fields):
        """Post a form; returns the status and where one is sent."""
        request = urllib.request.Request(self.demo.url(self.host, path), urllib.parse.urlencode(fields).encode())
        request.add_header("Origin", self.demo.url(self.host, "").rstrip("/"))
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status, ""
        except urllib.error.HTTPError as answer:
            return answer.code, answer.headers.get("Location", "")


class Desk:
    """The stand-in of a running demo."""

    def __init__(self, demo):
        self.address = environment_of(demo)["STRIPE_API_BASE"]

    def pay(self, page, email):
        """Fill in the page and press; returns where one is sent."""
        path = urllib.parse.urlsplit(page).path
        data = urllib.parse.urlencode(CARD | {"email": email}).encode()
        try:
            urllib.request.build_opener(Stay()).open(self.address + path, data, timeout=30)
        except urllib.error.HTTPError as answer:
            where, said = answer.headers.get("Location"), answer.read().decode()
        assert where, said
        return where

    def tell(self, verb, **facts):
        """Let something happen there."""
        data = urllib.parse.urlencode(facts).encode()
        with urllib.request.urlopen(f"{self.address}/_standin/{verb}", data, timeout=30) as answer:
            return json.loads(answer.read())

    def things(self, kind):
        """What there is of a kind, the oldest first."""
        with urllib.request.urlopen(f"{self.address}/_standin/things/{kind}", timeout=30) as answer:
            return json.loads(answer.read())


def ask(demo, code):
    """What a piece of code prints inside the demo, read."""
    return json.loads(demo.manage("shell", "-v", "0", "-c", code).strip().splitlines()[-1])


def how_it_stands(demo, ref):
    """The payments for a device of Nordvik's, as the database has them; each says what the device is, too."""
    with psycopg.connect(environment_of(demo)["DATABASE_URL"], options="-c search_path=c_nordvik,public") as line:
        return [dict(zip(NAMES, row, strict=True)) for row in line.execute(HOW_IT_STANDS, [ref])]


def environment_of(demo):
    """The variables of the demo's processes."""
    return dict(line.split("=", 1) for line in (demo.folder / "env").read_text().splitlines())


def wait_until(what, patience):
    """Seconds until something is true; None where it does not come true."""
    began = time.monotonic()
    while time.monotonic() - began < patience:
        try:
            if what():
                return round(time.monotonic() - began, 1)
        except GONE:
            pass
        time.sleep(0.3)
    return None
