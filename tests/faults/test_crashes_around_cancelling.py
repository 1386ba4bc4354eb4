"""A process that ends in the middle of a cancellation leaves all of it or nothing (reliability R15, FI-7): budget,
salary, contract and letter belong to the device's own step.
"""

import json
import re

import pytest

from tests.faults.payers import Payer, ask
from tests.running_demo import RunningDemo

ADMIN = "nils.wikstrom@nordvik.example"
ORDERED = """
import json
from decimal import Decimal
from django.db import transaction
from orders.budgets.granting import give
from orders.budgets.ledger import reserve
from orders.models import Allowance, Budget, Grant, ProductRequest, RequestLine, Variant
from velory import clock
from velory.people.models import Person, Role
from velory.tenancy.context import inside
from velory.tenancy.models import Company
with inside(Company.objects.get(slug="nordvik")), transaction.atomic():
    at, admin = clock.now(), Person.objects.get(email="nils.wikstrom@nordvik.example")
    one = Variant.objects.exclude(monthly_price=None).select_related("product").order_by("pk").first()
    budget = Budget.objects.create(name="Trial", currency=one.currency)
    Allowance.objects.create(
        budget=budget, category=one.product.category, amount=Decimal(300), months=24, mode="monthly"
    )
    theirs = Person.objects.filter(role=Role.EMPLOYEE, last_day_on=None, is_active=True).exclude(email="")
    theirs = theirs.exclude(requests__isnull=False).exclude(devices__category=one.product.category)
    person = theirs.order_by("pk").first()
    give(person, budget, by=admin, at=at)
    asked = ProductRequest.objects.create(requester=person, person=person, sent_at=at, version=1, overage="salary")
    line = RequestLine.objects.create(
        request=asked, number=1, variant=one, name=str(one), article_number=one.article_number,
        category=one.product.category, distributor=one.product.distributor, mode="monthly", amount=one.monthly_price,
        currency=one.currency, vat_percent=25, months=one.months, provider=one.provider, budget_part=Decimal(100),
        overage=one.monthly_price - 100, overage_vat=Decimal(10),
    )
    reserve(person, line.category, line.price, cause=line.cause, at=at, part=line.budget_part)
    asked.approve(by=None, at=at)
    print(json.dumps([asked.orders.get().lines.get().device.ref, line.cause]))
"""
STANDS = """
import json
from assets.models import Device
from orders.models import Deduction, LedgerLine
from velory.post.models import Letter
from velory.tenancy.context import inside
from velory.tenancy.models import Company
with inside(Company.objects.get(slug="nordvik")):
    device = Device.objects.get(ref={ref!r})
    line = device.order_line.request_line
    print(json.dumps([
        device.status, device.holder is not None, device.contract.closed_on is not None,
        LedgerLine.objects.filter(kind="give_back", cause=line.cause).count(),
        Deduction.objects.filter(kind="reverse", line=line).count(),
        Letter.objects.filter(template="orders/cancelled", context__order=device.order_line.order.ref).count(),
    ]))
"""
NOTHING, ALL = ["ordered", True, False, 0, 0, 0], ["cancelled", False, True, 1, 1, 1]


@pytest.fixture(scope="module")
def demo():
    demo = RunningDemo()
    demo.env["CRASH_FILE"] = str(demo.folder / "crash")
    try:
        demo.start(patience=480)
        yield demo
    finally:
        demo.forget()


def test_fi_7_a_cancellation_is_whole_or_not_at_all(demo):
    device, _cause = ask(demo, ORDERED)
    nils, crash = Payer(demo, ADMIN), demo.folder / "crash"
    crash.write_text("CANCEL.mid")

    with pytest.raises(OSError):  # noqa: PT011 - whatever it is called when nobody answers any more
        press_to_cancel(nils, device)

    assert not crash.exists(), "no process came by"
    assert ask(demo, STANDS.format(ref=device)) == NOTHING

    press_again(nils, device)
    assert ask(demo, STANDS.format(ref=device)) == ALL
    assert press_to_cancel(nils, device) == 409
    assert ask(demo, STANDS.format(ref=device)) == ALL
    demo.manage("check_invariants")


def press_to_cancel(admin, device):
    """Fill in the page of the step as it is shown, or as it was, and press."""
    path = f"/devices/{device}/cancel/"
    page = admin.ask(path)[1]
    hidden = dict(re.findall(r'name="(csrfmiddlewaretoken|version)" value="([^"]*)"', page))
    return admin.go(path, hidden | {"csrfmiddlewaretoken": admin.token("/"), "why": "No longer made"})[0]


def press_again(admin, device, tries=20):
    """Until somebody answers: the process that ended is started anew."""
    from time import sleep

    for _try in range(tries):
        try:
            status = press_to_cancel(admin, device)
        except OSError:
            sleep(0.5)
            continue
        assert status == 303, json.dumps(status)
        return
    pytest.fail("nobody answers")
