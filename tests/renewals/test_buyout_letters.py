"""Letters about buy-outs: the same facts in both languages, the amounts always with their currency."""

import re
from datetime import date
from decimal import Decimal

import pytest

from renewals.buyouts import notices, summary
from renewals.models import Policy
from renewals.tasks import look_at_the_whole_ledger
from tests.making import a_person, an_admin
from tests.renewals.making import (
    a_bought_device,
    a_leased_device_at_its_final_stage,
    a_one_off_device_in_its_window,
    pay_for,
    sellers,
)
from velory import clock
from velory.agenda.book import dispatch
from velory.agenda.models import Due
from velory.payments.apply import apply
from velory.payments.models import Attempt
from velory.post.models import Letter
from velory.post.planned import Soonest, letter_to_come
from velory.post.wording import render


@pytest.fixture(autouse=True)
def everybody_takes_money(stripe):
    sellers(stripe)


def policy(**terms):
    Policy.objects.update_or_create(pk=1, defaults=terms)


def letters(template):
    return list(Letter.objects.filter(template=f"renewals/{template}").order_by("pk"))


def plainly(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


# The confirmation


@pytest.mark.parametrize("wants_to", [False, True])
def test_a_receipt_comes_always_from_the_company_and_from_a_provider_that_sends_them(wants_to, at_their_desk, stripe):
    karin = a_person("Karin", "Ström", email="karin.strom@nordvik.example")
    for name in ("3 Step IT", "Nordvik Energi AB") if wants_to else ():
        stripe.send_receipts(f"acct_{name.replace(' ', '')}")

    pay_for(a_one_off_device_in_its_window(karin, buyout_price=Decimal(900)), at_their_desk, stripe)
    assert stripe.receipts() == [(karin.email, 112500, "sek")]

    pay_for(a_leased_device_at_its_final_stage(karin), at_their_desk, stripe)
    assert len(stripe.receipts()) == (2 if wants_to else 1)
    assert len(letters("bought")) == 2


def test_whoever_leaves_soon_is_promised_no_new_device(at_their_desk, stripe):
    karin = a_person("Karin", "Ström", language="en", last_day_on=date(2026, 12, 31))
    device, desk = a_leased_device_at_its_final_stage(karin), at_their_desk(karin)
    page = f"{device.get_absolute_url()}?tab=lifecycle"
    told = [desk.get(page).text, desk.get(f"/devices/{device.ref}/start_buyout/").text]
    assert "Send it off with its charger when the label has come." in told[0]
    pay_for(device, at_their_desk, stripe)
    letter = render(letters("bought")[0])
    for text in (*told, desk.get(page).text, letter.text, letter.html):
        assert "until your last day." in " ".join(text.split())
        assert "new one" not in " ".join(text.split())


def test_the_confirmation_holds_the_whole_sum_and_what_comes_next(at_their_desk, stripe):
    policy(service_fee=Decimal(195))
    a_bought_device(at_their_desk, stripe, a_person("Karin", "Ström", language="en"))

    [letter] = letters("bought")
    words = render(letter)

    assert words.subject == "You have bought out your Apple iPhone 15 128 GB"
    said = [
        "9,490.00 SEK", "1,138.80 SEK", "195.00 SEK", "333.45 SEK", "1,667.25 SEK", "3 Step IT", "22 November 2026",
        "Keep using the device for work", "Go to the store", "transfer your data",
    ]  # fmt: skip
    for text in (plainly(words.text), plainly(words.html)):
        for part in said:
            assert part in text


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_letter_reads_in_both_languages(at_their_desk, stripe, language):
    an_admin(language=language)
    device = a_bought_device(at_their_desk, stripe, a_person(language=language))
    [attempt] = Attempt.objects.all()
    for why in ("too_late", "refunded", "refund_failed", "disputed", "dispute_won", "dispute_lost"):
        notices.money_goes_back(device, attempt, amount=Decimal("1423.50"), why=why, at=clock.now())
    device.release_bought(by=an_admin(language=language))
    amount = "1 423,50 kr" if language == "sv" else "1,423.50 SEK"

    found = Letter.objects.filter(template__startswith="renewals/", language=language)
    templates = [letter.template for letter in found if letter.template != "renewals/leased_1_month"]
    assert {"renewals/bought", "renewals/released_to_you", "renewals/money_back"} <= set(templates)
    for letter in found:
        words = render(letter)
        assert words.subject
        assert device.name in words.text
        if letter.template != "renewals/released_to_you":
            assert amount in plainly(words.text), letter.template
            assert amount in plainly(words.html), letter.template
    assert len(letters("money_back")) == 3
    assert len([letter for letter in letters("money_back_to_admins") if letter.language == language]) >= 6


@pytest.mark.parametrize(
    ("why", "to_payer", "to_admins"),
    [
        ("too_late", "gives the whole amount back to the card", "there is nothing to do unless the refund fails"),
        ("refunded", "goes back to the card that paid", "The device is still bought: a refund does not undo that."),
        ("refund_failed", "The money is still owed to you", "pay it in another way"),
        ("disputed", None, "Wait with releasing the device"),
        ("dispute_won", None, "keeps the money"),
        ("dispute_lost", None, "the money went back to"),
    ],
)
def test_each_way_that_money_goes_back_has_its_own_words(at_their_desk, stripe, why, to_payer, to_admins):
    an_admin()
    device = a_bought_device(at_their_desk, stripe, a_person(language="en"))
    [attempt] = Attempt.objects.all()

    notices.money_goes_back(device, attempt, amount=Decimal("23.50"), why=why, at=clock.now())

    told = [" ".join(render(letter).text.split()) for letter in letters("money_back")]
    assert len(told) == (0 if to_payer is None else 1)
    assert all(to_payer in text for text in told)
    for letter in letters("money_back_to_admins"):
        assert to_admins in " ".join(render(letter).text.split())


# The month's summary to finance


def test_nothing_is_planned_where_nobody_asked(at):
    assert not Due.objects.filter(kind=summary.SUMMARY).exists()
    summary.put_next_summary(at.moment)
    assert not Due.objects.filter(kind=summary.SUMMARY).exists()


def test_finance_gets_the_month_on_the_first_morning_of_the_next(at_their_desk, stripe, at, nordvik):
    policy(summary_mail=True, summary_to="ekonomi@nordvik.example", service_fee=None)
    summary.put_next_summary(at.moment)
    a_bought_device(at_their_desk, stripe, a_person("Karin", "Ström", employee_number="1044"))
    in_euro = a_leased_device_at_its_final_stage(a_person("Ebba", "Bäckman"))
    in_euro.contract.currency = "EUR"
    in_euro.contract.save()
    attempt = pay_for(in_euro, at_their_desk, stripe)
    own = a_one_off_device_in_its_window(buyout_price=Decimal(900))
    pay_for(own, at_their_desk, stripe)
    stripe.refund_by_hand(amount=2350)
    apply(Attempt.objects.get(subject_ref=own.ref), at=clock.now())
    at("2026-12-01T00:30")
    pay_for(a_leased_device_at_its_final_stage(), at_their_desk, stripe)  # of the next month

    assert dispatch(at=at.moment, company=nordvik)
    assert not letters("buyout_summary")
    at("2026-12-01T08:00")
    dispatch(at=at.moment, company=nordvik)

    [letter] = letters("buyout_summary")
    assert (letter.to, letter.language) == ("ekonomi@nordvik.example", "sv")
    found = summary.summary_of(date(2026, 11, 1))
    assert [(row["amount"], row["currency"]) for row in found.purchases] == [
        (Decimal("1423.50"), "SEK"), (Decimal("1423.50"), "EUR"), (Decimal("1125.00"), "SEK"),
    ]  # fmt: skip
    assert [(total.currency, total.bought, total.vat, total.back, total.kept) for total in found.totals] == [
        ("EUR", Decimal("1423.50"), Decimal("284.70"), 0, Decimal("1423.50")),
        ("SEK", Decimal("2548.50"), Decimal("509.70"), Decimal("23.50"), Decimal("2525.00")),
    ]
    words = render(letter)
    for part in ("Karin Ström (1044)", "3 Step IT", "2 548,50 kr", "1 423,50 €", "23,50 kr", attempt.ref):
        assert part in plainly(words.text), part
        assert part in plainly(words.html), part
    [following] = Due.objects.filter(kind=summary.SUMMARY)
    assert (following.ref, following.due_at) == ("2026-12", at("2027-01-01T08:00"))


def test_a_month_that_was_slept_through_is_told_all_the_same(at, nordvik):
    policy(summary_mail=True)
    nils = an_admin()
    summary.put_next_summary(at.moment)
    at("2027-01-09T10:00")
    for _again in range(3):
        dispatch(at=at.moment, company=nordvik)
    assert [(letter.key, letter.person) for letter in letters("buyout_summary")] == [
        (f"renewals/buyout_summary/2026-11/{nils.ref}", nils),
        (f"renewals/buyout_summary/2026-12/{nils.ref}", nils),
    ]


def test_whoever_asks_for_it_in_the_settings_gets_the_whole_month(at_their_desk, at):
    desk = at_their_desk(an_admin())
    page = desk.get("/settings/").content.decode()
    sent = {"section": "renewal_policy", "one_off_keep": "on", "leased_return": "on", "quote_valid_days": "14",
            "version": "0", "summary_mail": "on", "summary_to": "ekonomi@nordvik.example"}  # fmt: skip
    sent |= dict(re.findall(r'name="(category[^"]+)"[^>]*?value="([^"]*)"', page))
    assert desk.post("/settings/", sent).status_code == 302
    assert [due.ref for due in Due.objects.filter(kind=summary.SUMMARY)] == ["2026-11"]


def test_the_nights_look_puts_down_what_nobody_did(at, nordvik):
    policy(summary_mail=True)
    look_at_the_whole_ledger("daily", at.moment)
    look_at_the_whole_ledger("daily", at.moment)
    assert [due.ref for due in Due.objects.filter(kind=summary.SUMMARY)] == ["2026-11"]


def test_switched_off_it_stops(at, nordvik):
    policy(summary_mail=True)
    an_admin()
    summary.put_next_summary(at.moment)
    policy(summary_mail=False)
    at("2026-12-01T08:00")
    dispatch(at=at.moment, company=nordvik)
    assert not letters("buyout_summary")
    assert not Due.objects.filter(kind=summary.SUMMARY).exists()


def test_it_stands_among_planned_mail_with_a_preview(at):
    policy(summary_mail=True, summary_to="ekonomi@nordvik.example")
    summary.put_next_summary(at.moment)
    rows = [row for row in Soonest(date(2027, 2, 20), "")[0:50] if row.source == "buyout_summaries"]
    assert [(row.at, row.address, row.ref) for row in rows] == [
        (at("2026-12-01T08:00"), "ekonomi@nordvik.example", "2026-11")
    ]
    assert "2026" in render(letter_to_come("buyout_summaries", "2026-11"), for_show=True).subject
    assert letter_to_come("buyout_summaries", "2027-05") is None
