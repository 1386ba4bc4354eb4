"""A leasing provider sets its account up by itself, behind a link and without signing in."""

from datetime import timedelta

import pytest

from tests.conftest import Browser
from tests.making import a_lessor, an_admin
from tests.payments.desk import finish_at_stripe, name, payee_of, theirs, words
from velory import clock
from velory.journal.models import Entry
from velory.payments.asking import PURPOSE, ask_to_connect
from velory.payments.recipients import recipient_called
from velory.post.links import LinkGone, open_link
from velory.post.models import Letter, Link
from velory.tenancy.context import inside


@pytest.fixture
def admin():
    return an_admin()


@pytest.fixture
def desk(at_their_desk, admin):
    return at_their_desk(admin)


@pytest.fixture
def lessor():
    return a_lessor()


# A partner does it itself


def the_link(lessor, admin=None):
    ask_to_connect(recipient_called(lessor.ref), by=admin or an_admin(), at=clock.now())
    letter = Letter.objects.filter(template="payments/connect_account").latest("pk")
    from velory.post.letters import kind_of

    return kind_of(letter).context(letter)["url"].removeprefix("http://nordvik.localhost")


@pytest.fixture
def outside():
    return Browser(HTTP_HOST="nordvik.localhost")


def test_a_partner_is_asked_in_its_own_language_by_an_admin(stripe, desk, admin, lessor):
    answer = desk.post(theirs(lessor, "ask/"), follow=True)
    assert "A mail to lease@3stepit.example is on its way." in words(answer)
    [letter] = Letter.objects.filter(template="payments/connect_account")
    assert (letter.to, letter.language, letter.person) == ("lease@3stepit.example", "en", None)
    [entry] = Entry.objects.about(payee_of(lessor))
    assert entry.sentence == f"{admin} asked lease@3stepit.example to set the account up."


def test_one_without_an_address_is_not(stripe, desk):
    lessor = a_lessor("Grenke", email="")
    answer = desk.post(theirs(lessor, "ask/"))
    assert answer.status_code == 409
    assert "has no e-mail address" in words(answer)


def test_it_sets_its_account_up_without_signing_in(stripe, outside, lessor):
    path = the_link(lessor)
    assert path.startswith("/partner/")
    page = words(outside.get(path))
    assert "How Nordvik Energi AB pays you" in page
    assert "Sign in" not in page
    answer = outside.post(f"{path}connect/", {"country": "SE"})
    assert answer.status_code == 303
    assert answer.url.startswith(stripe.url)
    payee = payee_of(lessor)
    finish_at_stripe(stripe, payee.account)
    assert outside.post(f"{path}check/").status_code == 303
    page = words(outside.get(path))
    assert "Your account takes cards." in page
    assert "Connect with Stripe" not in page
    assert Letter.objects.filter(template="payments/account_changed").count() == 1
    assert [e.by_name for e in Entry.objects.about(payee).of_steps(["open_account", "takes_cards"])] == ["", ""]


def test_stripe_never_learns_the_link(stripe, outside, lessor):
    path = the_link(lessor)
    outside.get(path)
    outside.post(f"{path}connect/", {"country": "SE"})
    [way] = stripe.state.all(None, "onboarding")
    token = path.strip("/").rpartition("/")[2]
    assert token not in str(way)
    assert way["return_url"].endswith("/payments/back-from-stripe/")
    assert "Open the link in the mail again" in words(outside.get("/payments/back-from-stripe/"))


def test_looking_opens_no_account(stripe, outside, lessor):
    path = the_link(lessor)
    for _look in range(5):
        assert outside.get(path).status_code == 200
    assert outside.get(f"{path}connect/").status_code == 200
    assert stripe.state.all(None, "account") == []


def test_a_post_that_has_not_seen_the_page_does_nothing(stripe, outside, lessor):
    path = the_link(lessor)
    assert outside.post(f"{path}connect/", {"country": "SE"}).status_code == 403
    assert stripe.state.all(None, "account") == []


def test_an_account_that_takes_cards_is_not_opened_anew_by_the_link(stripe, outside, desk, lessor):
    path = the_link(lessor)
    outside.get(path)
    stripe.account("acct_3StepIT0000000")
    name(desk, lessor)
    assert outside.post(f"{path}connect/", {"country": "SE"}).url == path
    assert payee_of(lessor).account == "acct_3StepIT0000000"


def test_asked_again_the_link_before_stops_working(stripe, outside, lessor):
    first = the_link(lessor)
    second = the_link(lessor)
    assert first != second
    assert outside.get(first).status_code == 410
    assert outside.get(second).status_code == 200


def test_another_address_or_no_more_leasing_ends_it(stripe, outside, lessor):
    path = the_link(lessor)
    lessor.email = "new@3stepit.example"
    lessor.save()
    assert outside.get(path).status_code == 410
    lessor.email, lessor.leases = "lease@3stepit.example", False
    lessor.save()
    assert outside.get(path).status_code == 410


def test_it_ends_after_thirty_days_and_is_no_way_in_elsewhere(stripe, at, outside, lessor, saimaa):
    path = the_link(lessor)
    assert Link.objects.get().purpose == PURPOSE
    there = Browser(HTTP_HOST="saimaa.localhost")
    assert there.get(path).status_code == 404
    with inside(saimaa), pytest.raises(LinkGone):
        open_link(path.strip("/").rpartition("/")[2], at=clock.now(), place="partner")
    for other in ("/", "/payments/", theirs(lessor)):
        assert outside.get(other).status_code == 302
    at(clock.now() + timedelta(days=31))
    assert outside.get(path).status_code == 410
