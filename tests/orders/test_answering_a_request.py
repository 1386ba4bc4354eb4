"""A request is answered: what follows, who hears of it, and what is refused with nothing half-written."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from assets.models import Device
from orders.models import Deduction, Delegation, LedgerLine, Order, StoreSettings
from orders.prices import Mode
from tests.making import a_device, a_location, a_person, a_space, an_admin
from tests.orders.asking import a_leased_phone, a_phone, a_sent_request
from tests.orders.making import a_budget, given
from velory import clock
from velory.agenda import book
from velory.agenda.models import Due
from velory.journal.reason import NotYours, Refused
from velory.people.models import Role
from velory.post.models import Letter
from velory.post.wording import render

TO_APPROVE, APPROVED, REJECTED, WITHDRAWN = (
    f"orders/request_{name}" for name in ("to_approve", "approved", "rejected", "withdrawn")
)


@pytest.fixture
def nils():
    return an_admin()


@pytest.fixture
def karin():
    return a_person("Karin", "Ström", language="en")


@pytest.fixture
def bjorn(nils, karin):
    """Karin answers for him; 10,000 SEK for one phone."""
    return given(a_person("Björn", "Persson", approver=karin), a_budget(phones=(10000, 1, 24, Mode.ONE_OFF)))


def again(request):
    return type(request).objects.get(pk=request.pk)


def written(template):
    return list(Letter.objects.of_template(template).order_by("pk"))


def read(letter):
    """Its text on one line, whatever blanks stand in it."""
    return " ".join(render(letter).text.split())


def ledger():
    return [(line.kind, line.amount, line.why) for line in LedgerLine.objects.order_by("pk")]


# Asking


def test_the_approver_is_asked_at_once(bjorn, karin):
    request = a_sent_request(bjorn)
    [letter] = written(TO_APPROVE)
    assert (letter.person, letter.state) == (karin, Letter.State.QUEUED)
    shown = render(letter)
    assert shown.subject == f"Request to approve: {request.lines_in_order[0].name} for Björn Persson"
    assert f"/requests/{request.ref}/" in read(letter)
    assert "9,490.00 SEK" in read(letter)
    assert "It lies within the budget." in read(letter)


def test_where_nobody_is_named_all_who_may_answer_are_asked(nils):
    ebba = an_admin(first_name="Ebba", last_name="Sjöberg")
    manager = a_person("Zoë", "Nielsen", role=Role.PURCHASE_MANAGER, location=a_location())
    a_sent_request(a_person(location=a_location()))
    assert {letter.person for letter in written(TO_APPROVE)} == {nils, ebba, manager}


def test_the_deputy_is_asked_in_the_approvers_place(bjorn, karin):
    zoe = a_person("Zoë", "Nielsen", language="en")
    today = clock.today()
    Delegation.objects.create(approver=karin, deputy=zoe, from_on=today, until_on=today)
    a_sent_request(bjorn)
    [letter] = written(TO_APPROVE)
    assert letter.person == zoe
    assert "You answer in the place of Karin Ström." in read(letter)


def test_a_letter_that_has_not_gone_is_called_off_by_the_answer(bjorn, karin):
    a_sent_request(bjorn).approve(by=karin)
    assert [letter.state for letter in written(TO_APPROVE)] == [Letter.State.VOIDED]


def test_a_letter_to_somebody_who_may_not_answer_any_more_is_not_sent(at, bjorn, karin, nils):
    request = a_sent_request(bjorn)
    Due.objects.exclude(kind="post.send").delete()
    karin.role = Role.EMPLOYEE
    request.approver = nils
    type(request).objects.filter(pk=request.pk).update(approver=nils)
    book.dispatch(at=at("2026-11-22T07:01"))
    [letter] = written(TO_APPROVE)
    assert (letter.state, letter.reason) == (Letter.State.VOIDED, "Somebody else answers the request now.")


# Yes


def test_approved_means_ordered(bjorn, karin):
    request = a_sent_request(bjorn)
    entry = request.approve(by=karin, message="Enjoy it.")
    assert request.status == "approved"
    assert entry.sentence == "Karin Ström approved the request. Enjoy it."
    assert ledger() == [
        ("reserve", Decimal(-9490), "requested"),
        ("release", Decimal(9490), "approved"),
        ("spend", Decimal(-9490), "approved"),
    ]
    device = Device.objects.get()
    assert (device.status, device.holder) == ("ordered", bjorn)
    assert Order.objects.get().request == request


def test_the_requester_hears_of_it_with_what_was_said(bjorn, karin):
    request = a_sent_request(bjorn)
    request.approve(by=karin, message="Enjoy it.")
    [letter] = written(APPROVED)
    assert letter.person == bjorn
    with override("en"):
        text = read(letter)
    assert "Enjoy it." in text
    assert f"/requests/{request.ref}/" in text


def test_whoever_it_is_for_hears_too(karin, nils):
    manager = a_person("Zoë", "Nielsen", role=Role.PURCHASE_MANAGER, location=a_location(), language="en")
    ebba = a_person("Ebba", "Sjöberg", approver=karin, location=a_location(), language="en")
    request = a_sent_request(manager, to=ebba)
    assert request.status == "pending"
    request.approve(by=karin)
    assert {letter.person for letter in written(APPROVED)} == {manager, ebba}
    subjects = {letter.person: render(letter).subject for letter in written(APPROVED)}
    assert subjects[manager].startswith("Your request is approved")
    assert subjects[ebba].startswith("Ordered for you")


def test_an_admins_order_for_somebody_is_told_to_them_alone(nils, bjorn):
    request = a_sent_request(nils, to=bjorn)
    assert request.status == "approved"
    assert [letter.person for letter in written(APPROVED)] == [bjorn]
    assert written(TO_APPROVE) == []


def test_an_admins_order_for_a_space_is_told_to_nobody(nils):
    request = a_sent_request(nils, to=a_space())
    assert request.status == "approved"
    assert not Letter.objects.exists()
    assert Device.objects.get().space == a_space()


def test_within_the_budget_it_is_approved_by_itself_where_the_company_says_so(bjorn, karin):
    StoreSettings.objects.update_or_create(pk=1, defaults={"auto_approve": True})
    request = a_sent_request(bjorn)
    assert request.status == "approved"
    assert request.journal.last().sentence == "Velory approved the request. "
    assert written(TO_APPROVE) == []
    assert [letter.person for letter in written(APPROVED)] == [bjorn]


def test_what_no_budget_bears_is_asked_for_all_the_same(nils, karin):
    StoreSettings.objects.update_or_create(pk=1, defaults={"auto_approve": True})
    request = a_sent_request(a_person("Ebba", "Sjöberg", approver=karin))
    assert request.status == "pending"
    assert [letter.person for letter in written(TO_APPROVE)] == [karin]


def test_what_goes_over_is_deducted_when_it_is_ordered(bjorn, karin):
    StoreSettings.objects.update_or_create(pk=1, defaults={"salary_deduction": True, "auto_approve": True})
    request = a_sent_request(bjorn, a_phone(12000), overage="salary")
    assert request.status == "pending"
    assert "It goes over the budget." in read(written(TO_APPROVE)[0])
    assert not Deduction.objects.exists()
    request.approve(by=karin)
    assert Deduction.objects.get().amount == Decimal(2500)
    assert ledger()[-1] == ("spend", Decimal(-10000), "approved")


def test_a_price_that_has_changed_since_does_not_change_the_request(bjorn, karin):
    phone = a_phone()
    request = a_sent_request(bjorn, phone)
    phone.price = Decimal(99999)
    phone.save()
    request.approve(by=karin)
    assert Device.objects.get().purchase_price == Decimal(9490)


def test_two_of_one_kind_fit_where_two_do(karin, nils):
    ebba = given(a_person("Ebba", "Sjöberg", approver=karin), a_budget(phones=(20000, 2, 24, Mode.ONE_OFF)))
    request = a_sent_request(ebba, a_phone(), quantity=2)
    request.approve(by=karin)
    assert Device.objects.count() == 2


def test_two_without_a_budget_fit_within_the_categorys_quota(karin, nils):
    ebba = a_person("Ebba", "Sjöberg", approver=karin)
    request = a_sent_request(ebba)
    request.approve(by=karin)
    assert Device.objects.count() == 1


# No


def test_rejected_gives_the_budget_back_and_tells_why(bjorn, karin):
    request = a_sent_request(bjorn)
    request.reject(by=karin, message="Yours is new.")
    assert request.status == "rejected"
    assert ledger()[-1] == ("release", Decimal(9490), "rejected")
    assert not Device.objects.exists()
    [letter] = written(REJECTED)
    assert letter.person == bjorn
    assert "Yours is new." in read(letter)


def test_withdrawn_gives_the_budget_back_and_asks_nobody_any_more(bjorn):
    request = a_sent_request(bjorn)
    request.withdraw(by=bjorn)
    assert ledger()[-1] == ("release", Decimal(9490), "withdrawn")
    assert [letter.state for letter in written(TO_APPROVE)] == [Letter.State.VOIDED]
    assert written(WITHDRAWN) == []


# What is refused


def test_nobody_approves_their_own(nils, karin):
    an_admin(first_name="Ebba", last_name="Sjöberg")
    request = a_sent_request(nils)
    with pytest.raises(NotYours):
        request.approve(by=nils)
    assert again(request).status == "pending"


def test_the_only_admin_of_all_orders_for_themselves(nils):
    request = a_sent_request(nils)
    assert request.status == "approved"
    assert request.journal.last().by_ref == nils.ref


def test_a_second_answer_is_refused(bjorn, karin, nils):
    request = a_sent_request(bjorn)
    other = again(request)
    request.approve(by=karin)
    with pytest.raises(Refused):
        other.reject(by=nils)
    with pytest.raises(Refused):
        other.approve(by=karin)
    assert Device.objects.count() == 1


def test_a_gate_that_has_shut_meanwhile_refuses_the_approval(bjorn, karin):
    request = a_sent_request(bjorn)
    a_device(bjorn)
    with pytest.raises(Refused) as fault:
        request.approve(by=karin)
    assert fault.value.reason.code == "quota"
    assert request.status == "pending"
    assert str(fault.value).startswith("It can't be ordered for Björn Persson now.")
    assert again(request).status == "pending"
    assert ledger() == [("reserve", Decimal(-9490), "requested")]
    assert not Order.objects.exists()
    assert written(APPROVED) == []


def test_a_budget_that_was_cut_meanwhile_refuses_the_approval_and_says_who_lifts_it(bjorn, karin):
    request = a_sent_request(bjorn)
    allowance = bjorn.grants.get().budget.allowances.get()
    allowance.amount = Decimal(5000)
    allowance.save()
    with pytest.raises(Refused) as fault:
        request.approve(by=karin)
    assert (fault.value.reason.code, fault.value.reason.who) == ("over_budget", "an admin")
    assert again(request).status == "pending"
    assert ledger() == [("reserve", Decimal(-9490), "requested")]


def test_a_reserved_quota_does_not_shut_out_the_request_that_reserved_it(bjorn, karin):
    request = a_sent_request(bjorn)
    request.approve(by=karin)
    assert request.status == "approved"


def test_an_answer_on_a_page_that_is_no_longer_so_is_refused(bjorn, karin, nils):
    request = a_sent_request(bjorn)
    seen = request.version
    request.approve(by=karin)
    with pytest.raises(Refused) as fault:
        again(request).reject(by=nils, version=seen)
    assert fault.value.reason.code == "stale"


def test_a_leased_device_is_approved_in_its_own_terms(karin, nils):
    ebba = given(a_person("Ebba", "Sjöberg", approver=karin), a_budget(phones=(500, 1, 24, Mode.MONTHLY)))
    request = a_sent_request(ebba, a_leased_phone(), mode=Mode.MONTHLY)
    request.approve(by=karin)
    assert ledger()[-1] == ("spend", Decimal("-411.23"), "approved")


# In another's place


def test_the_journal_says_for_whom_a_deputy_answered(bjorn, karin):
    zoe = a_person("Zoë", "Nielsen")
    Delegation.objects.create(approver=karin, deputy=zoe, from_on=clock.today(), until_on=clock.today())
    entry = a_sent_request(bjorn).approve(by=zoe)
    assert (entry.role, entry.acting_for) == ("deputy", "Karin Ström")
    assert entry.sentence == "Zoë Nielsen for Karin Ström approved the request. "


def test_the_journal_says_for_whom_an_admin_answered(bjorn, nils):
    entry = a_sent_request(bjorn).reject(by=nils)
    assert entry.sentence == "Nils Wikström for Karin Ström rejected the request. "


def test_who_answers_in_their_own_right_acts_for_nobody(bjorn, karin):
    assert a_sent_request(bjorn).approve(by=karin).acting_for == ""


# Whoever leaves


def test_whoever_leaves_has_no_open_request(at, bjorn, karin, nils):
    request = a_sent_request(bjorn)
    bjorn.end_access(by=nils, at=clock.now())
    book.dispatch(at=at("2026-11-22T07:01"))
    request = again(request)
    assert request.status == "withdrawn"
    last = request.journal.last()
    assert last.sentence == (
        "Velory withdrew the request. Whoever asked for it, or whom it was for, no longer works here."
    )
    assert ledger()[-1][0] == "release"
    assert written(WITHDRAWN) == []


def test_the_day_after_the_last_day_it_is_withdrawn(at, bjorn, nils):
    request = a_sent_request(bjorn)
    bjorn.change(by=nils, at=clock.now(), last_day_on=date(2026, 11, 30))
    book.dispatch(at=at("2026-11-30T23:59"))
    assert again(request).status == "pending"
    book.dispatch(at=at("2026-12-01T00:00"))
    assert again(request).status == "withdrawn"


def test_a_last_day_that_was_known_before_is_kept_too(at, karin, nils):
    ebba = a_person("Ebba", "Sjöberg", approver=karin, last_day_on=date(2026, 11, 23))
    request = a_sent_request(ebba)
    book.dispatch(at=at("2026-11-24T00:00"))
    assert again(request).status == "withdrawn"


def test_a_last_day_that_was_moved_is_looked_at_again(at, karin, nils):
    ebba = a_person("Ebba", "Sjöberg", approver=karin, last_day_on=date(2026, 11, 23))
    request = a_sent_request(ebba)
    ebba.change(by=nils, at=clock.now(), last_day_on=date(2026, 11, 25))
    book.dispatch(at=at("2026-11-24T00:00"))
    assert again(request).status == "pending"
    book.dispatch(at=at("2026-11-26T00:00"))
    assert again(request).status == "withdrawn"


def test_what_was_asked_for_somebody_who_left_is_told_to_whoever_asked(at, karin, nils):
    manager = a_person("Zoë", "Nielsen", role=Role.PURCHASE_MANAGER, location=a_location(), language="en")
    ebba = a_person("Ebba", "Sjöberg", approver=karin, location=a_location())
    request = a_sent_request(manager, to=ebba)
    ebba.end_access(by=nils, at=clock.now())
    book.dispatch(at=at("2026-11-22T07:01"))
    assert again(request).status == "withdrawn"
    [letter] = written(WITHDRAWN)
    assert letter.person == manager
    assert "no longer works here" in read(letter)


def test_nothing_is_approved_for_somebody_whose_last_day_is_over(at, bjorn, karin, nils):
    request = a_sent_request(bjorn)
    bjorn.change(by=nils, at=clock.now(), last_day_on=date(2026, 11, 22))
    at("2026-11-23T07:00")
    with pytest.raises(Refused) as fault:
        again(request).approve(by=karin)
    assert fault.value.reason.code == "left"


def test_the_answer_is_written_where_it_happened(bjorn, karin):
    request = a_sent_request(bjorn)
    request.approve(by=karin, at=clock.now() + timedelta(minutes=5))
    assert request.decided_at == clock.now() + timedelta(minutes=5)
