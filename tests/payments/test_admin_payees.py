"""Who is paid: the company on an account of its own, each leasing provider on theirs, connected through Stripe."""

from datetime import timedelta

import pytest

from tests.making import a_lessor, a_person, an_admin
from tests.payments.desk import (
    COMPANY,
    a_paid_payment,
    company,
    connect,
    finish_at_stripe,
    name,
    payee_of,
    theirs,
    words,
)
from tests.payments.making import an_attempt, an_open_attempt, now, said, thing_of
from tests.racing import at_once
from velory import clock
from velory.journal.models import Entry
from velory.journal.reason import Refused
from velory.payments import connecting
from velory.payments.inbox.models import OwnAccount
from velory.payments.invariants import somebody_elses_account
from velory.payments.models import Attempt, Payee
from velory.payments.recipients import recipient_called
from velory.post.models import Letter
from velory.tenancy.context import current_company, inside


@pytest.fixture
def admin():
    return an_admin()


@pytest.fixture
def desk(at_their_desk, admin):
    return at_their_desk(admin)


@pytest.fixture
def lessor():
    return a_lessor()


# The page


def test_everybody_who_can_be_paid_is_listed_with_how_it_stands(stripe, desk, lessor):
    text = words(desk.get("/payments/payees/"))
    assert "Nordvik Energi AB Buy-outs of devices that the company owns Not connected" in text
    assert "3 Step IT Buy-outs of devices leased from 3 Step IT Not connected" in text
    assert "Test mode: cards are not charged" in text
    assert "Who is paid" in words(desk.get("/settings/"))


def test_without_a_key_each_page_says_that_payments_are_not_set_up(settings, desk, lessor):
    settings.STRIPE_SECRET_KEY = ""
    for path in ("/payments/payees/", COMPANY, theirs(lessor)):
        text = words(desk.get(path))
        assert "not set up" in text
        assert "Connect with Stripe" not in text
    assert connect(desk).status_code == 409
    assert desk.post(theirs(lessor, "ask/")).status_code == 409


def test_a_partner_s_own_page_says_whether_it_takes_money(stripe, desk, lessor):
    stripe.account("acct_3StepIT0000000", name="3 Step IT")
    address = f"/partners/{lessor.ref}/"
    assert "Not connected" in words(desk.get(address))
    name(desk, lessor)
    assert "Takes cards" in words(desk.get(address))
    assert "Payments to this provider" not in words(desk.get(f"/partners/{a_lessor('Atea', leases=False).ref}/"))


# The company's own account


def test_the_company_goes_to_stripe_and_comes_back(stripe, desk, admin):
    answer = connect(desk)
    assert answer.status_code == 303
    assert answer.url.startswith(stripe.url)
    payee = company()
    assert payee.account.startswith("acct_")
    assert not payee.charges_enabled
    assert OwnAccount.objects.get(account=payee.account).company_id == current_company().pk
    back = words(desk.get(f"{COMPANY}?back=stripe"))
    assert "Details missing" in back
    assert "You are back from Stripe." in back

    finish_at_stripe(stripe, payee.account)
    answer = desk.post(f"{COMPANY}check/", follow=True)
    assert "Takes cards" in words(answer)
    assert company().takes_money is None
    assert [entry.step for entry in Entry.objects.about(payee)] == ["open_account", "takes_cards"]
    assert not Letter.objects.filter(template="payments/account_changed").exists()


def test_pressed_twice_there_is_one_account(stripe, desk):
    connect(desk)
    first = company().account
    connect(desk)
    assert company().account == first
    assert OwnAccount.objects.count() == 1
    assert len(stripe.state.all(None, "account")) == 1


def test_stripe_s_answer_may_be_lost_and_the_next_press_finds_the_same_account(stripe, desk):
    stripe.cuts("POST /v1/accounts")
    assert connect(desk).status_code == 409
    assert company().account == ""
    assert connect(desk).status_code == 303
    assert len(stripe.state.all(None, "account")) == 1


@pytest.mark.parametrize("country", ["", "XX", "se", "SWE", "KP", "\0"])
def test_a_country_is_chosen_from_the_list(stripe, desk, country):
    assert connect(desk, country).status_code == 422
    assert company() is None


def test_the_company_s_own_account_is_opened_not_named(stripe, desk):
    stripe.account("acct_Nordvik000000000")
    assert desk.get(f"{COMPANY}name-account/").status_code == 404
    with pytest.raises(Refused):
        connecting.name_account(recipient_called("company"), "acct_Nordvik000000000", by=None, at=clock.now())


# A partner's account, named


def test_a_partner_s_account_is_named_and_stripe_confirms_it(stripe, desk, admin, lessor):
    stripe.account("acct_3StepIT0000000", name="3 Step IT")
    assert name(desk, lessor).status_code == 303
    payee = payee_of(lessor)
    assert (payee.account, payee.charges_enabled, payee.name) == ("acct_3StepIT0000000", True, "3 Step IT")
    [entry] = Entry.objects.about(payee)
    assert entry.sentence == f"{admin} named the account at Stripe: acct_3StepIT0000000."


UNUSABLE = "This account can’t be used here"


def test_an_account_that_stripe_does_not_know_here_is_refused(stripe, desk, lessor):
    answer = name(desk, lessor, "acct_Nobody000000000")
    assert answer.status_code == 409
    assert UNUSABLE in words(answer)
    assert payee_of(lessor) is None or payee_of(lessor).account == ""


def test_another_company_s_own_account_is_refused_in_the_same_words(stripe, desk, lessor, saimaa):
    with inside(saimaa):
        connecting.way_to_stripe(
            recipient_called("company"), country="FI", back="http://x/", again="http://x/", by=None, at=clock.now()
        )
        own = company().account
    refused, unknown = name(desk, lessor, own), name(desk, lessor, "acct_Nobody000000000")
    assert refused.status_code == 409
    assert words(refused).replace(own, "") == words(unknown).replace("acct_Nobody000000000", "")
    assert "Saimaa" not in refused.text


def test_the_company_s_own_account_is_nobody_else_s_either(stripe, desk, lessor):
    connect(desk)
    assert name(desk, lessor, company().account).status_code == 409


def test_a_partner_s_account_may_serve_two_companies(stripe, desk, lessor, saimaa):
    stripe.account("acct_3StepIT0000000", name="3 Step IT")
    with inside(saimaa):
        other = a_lessor()
        recipient = recipient_called(other.ref)
        connecting.name_account(recipient, "acct_3StepIT0000000", by=an_admin(), at=clock.now())
    assert name(desk, lessor).status_code == 303


@pytest.mark.parametrize(
    "account",
    ["", "acct_", "3StepIT", "acct_x", "acct_' OR 1=1 --", "acct_../../v1", "acct_３Step00000000", "acct_" + "a" * 60,
     "acct_3Step\n000000000x", "https://evil.example/acct_1", "acct_1?expand[]=x"],
)  # fmt: skip
def test_what_is_no_account_is_asked_again(stripe, desk, lessor, account):
    assert name(desk, lessor, account).status_code == 422


def test_a_distributor_or_nobody_is_not_paid(stripe, desk):
    distributor = a_lessor("Atea", leases=False)
    for slug in (distributor.ref, "B-222222", "nobody"):
        assert desk.get(f"/payments/payees/{slug}/").status_code == 404
        assert desk.post(f"/payments/payees/{slug}/ask/").status_code == 404


# Changing it while somebody pays (R8)


@pytest.fixture
def named(stripe, desk, lessor):
    """3 Step IT is paid on one account and has another one."""
    stripe.account("acct_3StepIT0000000", name="3 Step IT")
    stripe.account("acct_3StepIT0000002", name="3 Step IT")
    name(desk, lessor)
    return payee_of(lessor)


def test_what_is_open_is_called_off_at_stripe_first(stripe, desk, lessor, named):
    opened = an_open_attempt(stripe, payee=named)
    assert name(desk, lessor, "acct_3StepIT0000002").status_code == 303
    assert now(opened).state == "expired"
    assert stripe.session(opened.session_id)["status"] == "expired"
    assert payee_of(lessor).account == "acct_3StepIT0000002"
    assert said(thing_of(opened)) == ["not paid: abandoned"]


def test_somebody_who_paid_meanwhile_has_paid_and_nothing_changes(stripe, desk, lessor, named):
    opened = an_open_attempt(stripe, payee=named)
    stripe.knobs.complete_before_expire = 1
    answer = name(desk, lessor, "acct_3StepIT0000002")
    assert answer.status_code == 409
    assert f"Payment {opened.ref} came while this was being changed" in words(answer)
    assert now(opened).state == "paid"
    assert payee_of(lessor).account == "acct_3StepIT0000000"


def test_while_stripe_is_silent_nothing_changes(stripe, desk, lessor, named):
    opened = an_open_attempt(stripe, payee=named)
    stripe.fails("POST /v1/checkout/sessions/*/expire", times=0, stored=False)
    answer = name(desk, lessor, "acct_3StepIT0000002")
    assert answer.status_code == 409
    assert f"Payment {opened.ref} is still open" in words(answer)
    assert payee_of(lessor).account == "acct_3StepIT0000000"


def test_the_same_account_again_disturbs_nobody(stripe, desk, lessor, named):
    opened = an_open_attempt(stripe, payee=named)
    assert name(desk, lessor).status_code == 303
    assert now(opened).state == "open"


def test_an_account_is_taken_away(stripe, desk, admin, lessor, named):
    an_attempt(stripe, payee=named)
    page = words(desk.get(theirs(lessor, "take-away/")))
    assert "1 payment is open." in page
    assert desk.post(theirs(lessor, "take-away/")).status_code == 303
    assert payee_of(lessor).account == ""
    assert Attempt.objects.get().state == "expired"
    assert desk.post(theirs(lessor, "take-away/")).status_code == 404
    assert "took away the account" in words(desk.get(theirs(lessor)))


def test_what_was_paid_is_refunded_from_where_it_was_paid(stripe, desk, lessor, named):
    paid = a_paid_payment(stripe, payee=named)
    desk.post(theirs(lessor, "take-away/"))
    assert desk.get(f"/payments/{paid.ref}/record/refund/").status_code == 200


# What Stripe says of it later


def test_an_account_that_is_gone_is_said_so_and_admins_hear_of_it(stripe, desk, admin, lessor, named):
    stripe.disconnect("acct_3StepIT0000000")
    desk.post(theirs(lessor, "check/"))
    assert payee_of(lessor).disconnected_at
    assert "Disconnected" in words(desk.get(theirs(lessor)))
    assert "1 Accounts that take no payments" in words(desk.get("/"))
    [letter] = Letter.objects.filter(template="payments/account_changed")
    assert letter.context["deed"] == "lost_account"
    desk.post(theirs(lessor, "check/"))
    assert Letter.objects.filter(template="payments/account_changed").count() == 1


def test_an_account_that_may_take_no_cards_is_said_so(stripe, desk, lessor, named):
    stripe.stop_charges("acct_3StepIT0000000")
    desk.post(theirs(lessor, "check/"))
    assert "Details missing" in words(desk.get(theirs(lessor)))
    assert payee_of(lessor).takes_money.code == "payee_not_ready"


def test_an_account_that_is_gone_makes_room_for_another(stripe, desk):
    connect(desk)
    first = company().account
    stripe.disconnect(first)
    desk.post(f"{COMPANY}check/")
    connect(desk)
    assert company().account != first
    assert company().disconnected_at is None


def test_with_a_payment_open_on_it_only_once_that_has_run_out(stripe, at, desk):
    connect(desk)
    first = company().account
    finish_at_stripe(stripe, first)
    desk.post(f"{COMPANY}check/")
    opened = an_open_attempt(stripe, payee=company())
    stripe.disconnect(first)
    desk.post(f"{COMPANY}check/")
    answer = connect(desk)
    assert answer.status_code == 409
    assert f"Payment {opened.ref} is still open" in words(answer)
    at(clock.now() + timedelta(hours=24))
    assert connect(desk).status_code == 303
    assert (now(opened).state, company().account != first) == ("expired", True)


def test_what_stripe_said_of_the_account_before_changes_nothing(stripe, desk, lessor, named):
    stale = payee_of(lessor)
    name(desk, lessor, "acct_3StepIT0000002")
    connecting.take_in(stale, None, at=clock.now())
    assert payee_of(lessor).disconnected_at is None


# Whose it is to say


def test_only_admins_say_who_is_paid(stripe, at_their_desk, client, lessor):
    for who in (a_person(), a_person(role="purchase_manager")):
        browser = at_their_desk(who)
        assert connect(browser).status_code == 403
        assert name(browser, lessor).status_code == 403
        assert browser.post(theirs(lessor, "ask/")).status_code == 403
        assert browser.get("/payments/payees/").status_code == 403
    assert connect(client).status_code == 302
    assert not Payee.objects.exists()


def test_the_nightly_questions_find_an_account_that_is_somebody_elses(stripe, desk, lessor, saimaa):
    connect(desk)
    assert list(somebody_elses_account()) == []
    Payee.objects.create(key=f"partner/{lessor.ref}", name="3 Step IT", account=company().account)
    assert len(list(somebody_elses_account())) == 1


@pytest.mark.races
def test_eight_admins_at_once_open_one_account(stripe, race_company):
    recipient, admin = recipient_called("company"), an_admin()

    def go(_n):
        connecting.way_to_stripe(recipient, country="SE", back="http://x/", again="http://x/", by=admin, at=clock.now())

    said = at_once(race_company, 8, go)
    assert {type(one) for one in said} <= {type(None)}, said
    assert len(stripe.state.all(None, "account")) == 1
    assert Entry.objects.about(company()).count() == 1
