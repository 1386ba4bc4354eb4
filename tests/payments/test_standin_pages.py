"""The stand-in's pages work without script, in two languages; what it knows outlives a kill."""

import json
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request

import pytest
import stripe as library

from tests.payments.test_standin import AT_NORDVIK, params
from tests.running_demo import ROOT, free_port
from tests.stripe_standin import ASKS, DECLINED

pytestmark = pytest.mark.nowhere
FORM = {"email": "nils.wikstrom@nordvik.example", "expiry": "12 / 34", "cvc": "123", "name": "Nils Wikström"}


@pytest.fixture
def session(stripe):
    stripe.account()
    return stripe.client().v1.checkout.sessions.create(params(), AT_NORDVIK)


def test_who_pays_is_sent_back_with_the_session(stripe, session):
    status, page, _url = stripe.page(session.url)
    assert (status, re.findall("<title>(.*)</title>", page)) == (200, ["Pay Nordvik Energi AB"])
    assert "SEK 4,990.00" in page.replace("\xa0", " ")
    assert 'href="https://nordvik.example/payments/P-1/"' in page

    status, _page, url = stripe.page(session.url, FORM | {"number": "4242 4242 4242 4242"}, follow=False)

    assert (status, url) == (303, f"https://nordvik.example/payments/P-1/?session={session.id}")
    assert stripe.session(session.id)["customer_details"]["email"] == "nils.wikstrom@nordvik.example"
    assert "This has been paid" in stripe.page(session.url)[1]


def test_a_refusal_is_told_in_the_reader_s_language(stripe, session):
    form = FORM | {"number": DECLINED}
    assert "Your card was declined." in stripe.page(session.url, form)[1]
    assert "Ditt kort nekades." in stripe.page(session.url, form, language="sv-SE")[1]
    status, page, _url = stripe.page(session.url, FORM | {"number": "4111 1111 1111 1111"})
    assert status == 422
    assert "Only the test cards below work here." in page
    assert stripe.charges() == []


def test_a_form_that_is_not_filled_in_charges_nothing(stripe, session):
    for wrong in (
        {"number": ""},
        {"number": "4242", "expiry": "13/34"},
        {"number": "4242424242424242", "email": "nils"},
    ):
        status, page, _url = stripe.page(session.url, FORM | wrong)
        assert status == 422
        assert 'aria-invalid="true"' in page
    assert stripe.intents() == []


def test_the_bank_asks_on_a_page_of_its_own(stripe, session):
    _status, page, url = stripe.page(session.url, FORM | {"number": ASKS})
    assert "Do you confirm the payment of SEK" in page

    _status, page, back = stripe.page(url, {"answer": "no"})
    assert back == session.url
    assert "not confirmed with your bank" in page
    _status, _page, url = stripe.page(session.url, FORM | {"number": ASKS})
    status, _page, back = stripe.page(url, {"answer": "yes"}, follow=False)

    assert (status, back) == (303, f"https://nordvik.example/payments/P-1/?session={session.id}")
    assert stripe.session(session.id)["payment_status"] == "paid"


def test_what_people_write_is_text_on_the_page(stripe):
    stripe.account(name="<script>alert(1)</script>")
    item = {"currency": "sek", "unit_amount": 500, "product_data": {"name": "<img src=x onerror=alert(1)>"}}
    more = {"line_items": [{"quantity": 1, "price_data": item}], "cancel_url": 'https://nordvik.example/"><script>'}
    session = stripe.client().v1.checkout.sessions.create(params(**more), AT_NORDVIK)

    page = stripe.page(session.url)[1]

    assert "<script" not in page
    assert "<img" not in page


def test_an_account_is_opened_on_stripe_s_page(stripe):
    api = stripe.client().v1
    account = api.accounts.create(
        {"type": "standard", "country": "FI", "business_profile": {"name": "Saimaa Konepaja Oy"}}
    )
    assert (account.charges_enabled, account.default_currency) == (False, "eur")
    with pytest.raises(library.InvalidRequestError):
        api.checkout.sessions.create(params(), {"stripe_account": account.id})
    back, again = "https://saimaa.example/back/", "https://saimaa.example/again/"
    link = api.account_links.create(
        {"account": account.id, "type": "account_onboarding", "return_url": back, "refresh_url": again}
    )

    assert stripe.page(link.url, {"name": "Saimaa Konepaja"}, follow=False)[2] == back
    assert stripe.page(link.url, follow=False)[2] == again

    seen = api.accounts.retrieve(account.id)
    assert (seen.charges_enabled, seen.business_profile.name) == (True, "Saimaa Konepaja")


def test_a_seller_sends_receipts_if_it_wants_to(stripe, session):
    stripe.pay(session.url)
    assert stripe.receipts() == []
    stripe.send_receipts("acct_Nordvik")

    again = stripe.client().v1.checkout.sessions.create(params(), AT_NORDVIK)
    stripe.page(again.url, FORM | {"number": "4242424242424242"}, follow=False)

    assert stripe.receipts() == [("nils.wikstrom@nordvik.example", 499_000, "sek")]
    assert "Receipt from Nordvik Energi AB" in stripe.page(stripe.charges()[-1]["receipt_url"])[1]


def test_the_knobs_are_turned_from_outside(stripe, session):
    def tell(verb, **facts):
        data = urllib.parse.urlencode(facts).encode()
        with urllib.request.urlopen(f"{stripe.url}/_standin/{verb}", data, timeout=10) as answer:
            return json.loads(answer.read())

    assert tell("pay", session=session.id)["payment_status"] == "paid"
    assert tell("dispute")["status"] == "needs_response"
    assert tell("win_dispute")["status"] == "won"
    assert tell("knobs", copies="3", refunds="pending")["copies"] == 3
    assert stripe.knobs.refunds == "pending"
    tell("fails", at="POST /v1/refunds*", times="2")
    assert tell("heal") == {"done": "heal"}
    assert stripe.knobs.faults == []
    assert "checkout.session.completed" in stripe.page(f"{stripe.url}/_standin/")[1]
    request = urllib.request.Request(f"{stripe.url}/_standin/heal", b"", {"Origin": "https://elsewhere.example"})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request, timeout=10)


# As a process of its own


def start(folder, port, env=None):
    command = [
        sys.executable,
        "-m",
        "velory.demo.stripe",
        "--port",
        str(port),
        "--folder",
        str(folder),
        "--follow-the-demo",
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_standin/", timeout=2).close()
            return process
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the stand-in does not answer")


def tell(port, verb, **facts):
    data = urllib.parse.urlencode(facts).encode()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/_standin/{verb}", data, timeout=10) as answer:
        return json.loads(answer.read())


def test_a_kill_loses_nothing_that_was_answered_and_the_demo_s_clock_is_followed(tmp_path, monkeypatch):
    monkeypatch.setenv("VELORY_DEMO_DIR", str(tmp_path))
    folder, port = tmp_path / "stripe", free_port()
    api = library.StripeClient("sk_test_standin", base_addresses={"api": f"http://127.0.0.1:{port}"}).v1
    process = start(folder, port)
    try:
        tell(port, "account", id_="acct_Nordvik")
        made = [api.checkout.sessions.create(params(), AT_NORDVIK | {"idempotency_key": str(n)}).id for n in range(3)]
        tell(port, "pay", session=made[0])
        process.kill()
        process.wait()
        with (folder / "book.jsonl").open("a") as file:
            file.write('[{"id": "cs_test_half')  # a request that was never answered

        process = start(folder, port)

        assert api.checkout.sessions.retrieve(made[0], {}, AT_NORDVIK).payment_status == "paid"
        assert api.checkout.sessions.create(params(), AT_NORDVIK | {"idempotency_key": "1"}).id == made[1]
        assert len(api.events.list({"limit": 100}, AT_NORDVIK).data) == 5
        (tmp_path / "clock.json").write_text(json.dumps({"ahead": 25 * 3600}))
        assert api.checkout.sessions.retrieve(made[1], {}, AT_NORDVIK).status == "expired"
    finally:
        process.kill()
        process.wait()
