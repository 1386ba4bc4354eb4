"""A company in the demo that has one of each thing: made as the tests of doors make theirs, for the walk to look at.

Run as `python -m tests.journeys.one_of_each` in a running demo's environment; with `all` it has another company opened
by the operators, in which nobody has done anything, and a third asked for on the sign-up page. Prints what stands in
the addresses, and where which step of a device can be taken, as JSON.
"""

import json
import os
import sys
import time
from datetime import timedelta
from decimal import Decimal

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "velory.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.core.exceptions import PermissionDenied  # noqa: E402
from django.http import Http404  # noqa: E402
from django.urls import reverse  # noqa: E402

from assets.importing.models import Import  # noqa: E402
from assets.models import Device  # noqa: E402
from assets.views.steps import not_now, step_called  # noqa: E402
from orders.models import OrderLine  # noqa: E402
from orders.store.carts import cart_of, put  # noqa: E402
from tests.assets.offboarding.making import a_leaver  # noqa: E402
from tests.house.worlds import a_world  # noqa: E402
from tests.journeys.readers import ADMIN, EMPLOYEE, FIRST, INVITED, LEAVER, NEW, OPERATOR, SLUG, TWO_FACTORS  # noqa: E402
from tests.kernel.two_factors import with_an_app  # noqa: E402
from tests.making import a_device, a_person, an_admin  # noqa: E402
from tests.orders.making import a_product, a_variant, bought  # noqa: E402
from tests.renewals.making import (  # noqa: E402
    a_leased_device_at_its_final_stage,
    a_leased_device_at_its_preliminary_stage,
    a_one_off_device_in_its_window,
)
from tests.renewals.returning import a_return  # noqa: E402
from velory import clock  # noqa: E402
from velory.demo.sellers import open_accounts  # noqa: E402
from velory.demo.world import PASSWORD  # noqa: E402
from velory.erasing import deeds as erasing  # noqa: E402
from velory.journal.steps import steps_of  # noqa: E402
from velory.operators import openings as openings_of  # noqa: E402
from velory.operators.models import Opening  # noqa: E402
from velory.payments.models import Attempt  # noqa: E402
from velory.people import invitations  # noqa: E402
from velory.people.models import Person  # noqa: E402
from velory.post.stopping import token_of  # noqa: E402
from velory.support.models import HOURS, SupportAccess  # noqa: E402
from velory.tenancy.context import inside  # noqa: E402
from velory.tenancy.models import Company  # noqa: E402
from velory.tenancy.opening import open_company  # noqa: E402

FEATURES = ["repair_flow", "leased_end_of_life", "store"]


def main():
    """Open the company and say what it has."""
    company = open_company("Nordvik Verkstad AB", slug=SLUG, domain=host_of(SLUG), plan="pro", features=FEATURES)
    with inside(company):
        admin = an_admin(email=ADMIN)
        world = everything(admin)
        open_accounts(company)
        world["stop"] = reverse("post:stop", args=[token_of(admin, "renewals/weekly_digest")])
        world["steps"] = [path for path in (somewhere(name, admin) for name in steps_of(Device)) if path]
        password = make_password(PASSWORD)
        Person.objects.filter(email__in=[ADMIN, EMPLOYEE, LEAVER, TWO_FACTORS]).update(password=password)
    if "all" in sys.argv:
        world |= openings()
    print(json.dumps(world))


def everything(admin):
    """One of each: what stands in the addresses of doors, and what a page says differently of."""
    employee = a_person("Łukasz", "Eriksson", email=EMPLOYEE, language="en")
    leaver = a_leaver(by=admin, email=LEAVER, language="en")
    a_device(leaver)
    world = a_world(employee) | {
        "preliminary": a_leased_device_at_its_preliminary_stage(employee).ref,
        "final": a_leased_device_at_its_final_stage(employee).ref,
        "own device": a_one_off_device_in_its_window(employee).ref,
        "free device": a_device().ref,
        "leaver's lease": a_device(leaver, leased=True).ref,
        "told return": a_return().ref,
        "previewed import": a_previewed_import(admin),
        "mismatch": a_mismatch(employee),
        "way in": a_way_in(admin),
        "invited": invitations.invite(a_person("Linnea", "Sørensen", email=INVITED), by=admin).person.email,
    }
    with_an_app(a_person("Astrid", "Chen", email=TWO_FACTORS))
    world["order line"] = OrderLine.objects.filter(order__ref=world["order"]).first().number
    tablet = a_variant(a_product("Apple iPad 11 128 GB", category="tablets", variants=False), **bought())
    put(cart_of(employee), tablet, "one_off", 1, at=clock.now())
    return world


def a_previewed_import(admin):
    """An import whose columns are known, so that it says what it would do."""
    rows = "name;serial number;category;holder e-mail\nFairphone 5;FP0000001;phones;nobody@example.com\n"
    made = Import.begin(rows.encode(), "phones.csv", by=admin, at=clock.now())
    if made.state == Import.State.READING:
        made.preview(at=clock.now())
    return made.ref


def a_mismatch(person):
    """A payment that does not match, as it stands in the rows."""
    like = Attempt.objects.filter(person=person).first()
    return Attempt.objects.create(
        kind=like.kind, subject_ref=like.subject_ref, person=person, payee=like.payee, amount=Decimal("1667.25"),
        amount_minor=166725, currency="SEK", account=like.account, livemode=False, state=Attempt.State.MISMATCH,
        begun_at=clock.now(), moved_at=clock.now(), expires_at=clock.now(),
    ).ref  # fmt: skip


def a_way_in(admin):
    """What an operator who was allowed in carries to the company's door; good for as long as a walk takes."""
    access = SupportAccess.ask(
        operator_ref="P-2", operator_name="Velory", why="A question", at=clock.now(), hours=HOURS[-1]
    )
    access.allow(by=admin, at=clock.now())
    return access.way_in(at=clock.now() + timedelta(minutes=90))


def openings():
    """A company that the operators have opened, one that a visitor asked for, one whose erasing was asked for."""
    asked = {"country": "SE", "language": "en", "currency": "SEK", "time_zone": "Europe/Stockholm", "plan": "pro"}
    new = Opening(name="Nordvik Lager AB", slug=NEW, domain=host_of(NEW), features=FEATURES, admin_email=FIRST, **asked)
    other = Opening(name="Nordvik Hamn AB", slug="hamn", domain=host_of("hamn"), admin_email=FIRST, **asked)
    with inside(Company.objects.get(slug="ops")):
        operator = Person.objects.get(email=OPERATOR)
        openings_of.ask_to_open(new, by=operator, at=clock.now())
        link = openings_of.ask_by_mail(other, at=clock.now())
    company = made(new)
    with inside(company):
        first = Person.objects.get(email=FIRST)
        first.first_name, first.last_name = "Per", "Chen"
        first.set_password(PASSWORD)
        first.save()
    erasing.ask(Company.objects.get(slug=SLUG), reason="The contract has ended", by=operator, at=clock.now())
    return {"opening": new.ref, "sign-up": link}


def host_of(slug):
    return f"{slug}.{settings.BASE_DOMAIN}"


def made(opening, patience=120):
    """The company, once the worker has made it."""
    for _second in range(patience):
        if Opening.objects.get(pk=opening.pk).state == Opening.State.READY:
            return Company.objects.get(slug=opening.slug)
        time.sleep(1)
    raise AssertionError(f"{opening.name} was not made.")


def somewhere(name, admin):
    """The page of a step, on a device on which an admin can take it now; nothing where there is none."""
    for device in Device.objects.in_hand_of(admin).with_what_a_list_shows().order_by("pk"):
        try:
            made = step_called(device, name, admin)
        except (Http404, PermissionDenied):
            continue
        if made.role_of(device, admin) and not not_now(made, device, admin):
            return f"{device.get_absolute_url()}{name}/"
    return ""


if __name__ == "__main__":
    main()
