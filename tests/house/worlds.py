"""A world: one of each thing that stands in an address, by what DOORS calls it (`doors.py`)."""

from decimal import Decimal

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from assets.importing.models import Import
from assets.models import Contract, SavedView
from renewals.models import Reminder, Return
from repairs.loans import lend
from repairs.models import TradeIn
from tests.assets.bulk.making import a_bulk_change
from tests.assets.offboarding.making import a_leaver
from tests.making import (
    a_device,
    a_lessor,
    a_location,
    a_person,
    a_space,
    a_team,
    an_admin,
    an_external_device,
    an_external_distributor,
)
from tests.orders.making import a_budget, a_catalogue_import, a_picture, a_product, a_rule
from tests.orders.reporting import a_sent_order, hears, said
from tests.orders.wishing import a_request, an_order
from tests.renewals.making import an_external_device_in_its_window
from tests.renewals.returning import PDF
from tests.repairs.making import a_device_in_repair, a_photo_of, a_reported_device, the_case_of
from velory import clock
from velory.archive.models import Archive
from velory.payments.models import Attempt, Card, Money, Payee
from velory.people import invitations
from velory.people.federated.models import IdentityProvider
from velory.post.models import Letter
from velory.support.models import SupportAccess


def a_world(employee):
    """One of each thing, as it stands in addresses."""
    admin = an_admin()
    device = an_external_device_in_its_window(employee)
    other = an_external_device(a_person())
    made = invitations.invite(a_person(), by=admin)
    an_import = Import.begin("email;förnamn\na@b.example;A\n".encode(), "people.csv", by=admin, at=clock.now())
    return {
        "person": employee.ref,
        "other person": a_person().ref,
        "location": a_location().ref,
        "team": a_team().ref,
        "space": a_space().name,
        "device": device.ref,
        "other device": other.ref,
        "partner": an_external_distributor().ref,
        "lessor": a_lessor().ref,
        "payment": (payment := a_paid_payment(employee, device, a_lessor())).ref,
        "other payment": a_paid_payment(a_person(), other, a_lessor()).ref,
        "card": (card := a_saved_card(employee, payment)).ref,
        "import": an_import.ref,
        "bulk change": a_bulk_change("payor", [device], by=admin, payor="employee").ref,
        "archive": an_archive(admin).ref,
        "support access": a_support_access().ref,
        "identity provider": IdentityProvider.set_up(
            name="Kontoret",
            issuer="https://127.0.0.1",
            client_id="velory",
            secret="s",
            is_on=True,
            by=admin,
            at=clock.now(),
        ).ref,
        "letter": Letter.objects.get(person=made.person).ref,
        "reminder": Reminder.objects.of(device).first().ref,
        **a_store(admin),
        "request": a_request(person=employee).ref,
        "unpaid request": a_request(
            {"overage": Decimal(490)}, person=employee, overage="card", card_ref=card.ref, status="payment_needed"
        ).ref,
        "other request": a_request(person=a_person()).ref,
        "order": an_order(person=employee).ref,
        "other order": an_order(person=a_person()).ref,
        **a_report(),
        "leaver": (leaver := a_leaver(by=admin)).ref,
        "left device": a_device(leaver).ref,
        **repairs_of(employee, admin),
        "view": SavedView.objects.create(owner=employee, name="Leases", shared=True).ref,
        "return": a_labelled_return(device),
        "other return": a_labelled_return(other),
    }


def a_paid_payment(person, device, lessor):
    """A payment by card to a leasing provider, as it stands in the rows."""
    at, price = clock.now(), {"currency": "SEK", "account": "acct_3StepIT00", "livemode": False, "amount_minor": 166725}
    facts = {"name": str(lessor), "account": "acct_3StepIT00"}
    payee = Payee.objects.get_or_create(key=f"partner/{lessor.ref}", defaults=facts)[0]
    attempt = Attempt.objects.create(
        kind="renewals.buyout", subject_ref=device.ref, person=person, payee=payee, amount=Decimal("1667.25"),
        state=Attempt.State.PAID, begun_at=at, moved_at=at, expires_at=at, **price,
    )  # fmt: skip
    Money.objects.create(attempt=attempt, kind=Money.Kind.CHARGE, provider_id=f"ch_{attempt.ref[2:]}", at=at, **price)
    return attempt


def a_saved_card(person, payment):
    """A card that can be charged, as it stands in the rows."""
    at, known = clock.now(), {"method_id": "pm_1", "customer_id": "cus_1", "last4": "4242", "brand": "visa"}
    return Card.objects.create(
        person=person, payee=payment.payee, account=payment.account, livemode=False, state=Card.State.SAVED,
        back_to="/store/checkout/", begun_at=at, moved_at=at, expires_at=at, saved_at=at, **known,
    )  # fmt: skip


def a_support_access():
    """An access that support has asked for, and nobody has answered."""
    return SupportAccess.ask(operator_ref="P-2", operator_name="Velory", why="A question", at=clock.now())


def an_archive(admin):
    """An export that lies there, with a file."""
    archive = Archive.objects.create(state=Archive.State.READY, by=admin, asked_at=clock.now(), ready_at=clock.now())
    default_storage.save(archive.path, ContentFile(b"PK"))
    return archive


def a_labelled_return(device):
    """A return whose label has come: the row alone, for here it is asked who may open it."""
    Contract.objects.create(device=device, provider=a_lessor(), currency="SEK")
    label = ContentFile(PDF, "label.pdf")
    return Return.objects.create(device=device, chosen_at=clock.now(), label=label).ref


def repairs_of(employee, admin):
    """One of each thing that repairs know; a colleague's photo besides."""
    case = the_case_of(a_device_in_repair(holder=employee))
    other = the_case_of(a_reported_device(holder=a_person()))
    loan = lend(a_device(), employee, due_on=clock.today(), by=admin, at=clock.now())
    traded = a_device()
    traded.send_to_trade_in(by=admin, buyer=an_external_distributor().ref, currency="SEK")
    return {
        "case": case.ref, "photo": a_photo_of(case).ref, "other photo": a_photo_of(other).ref, "loan": loan.ref,
        "trade-in": TradeIn.objects.get().ref,
    }  # fmt: skip


def a_report():
    """What a distributor said: a word that nobody knows, and a device that nobody ordered."""
    order = a_sent_order()
    extra = {"name": "Jabra Evolve2 65", "serial": order.ref}
    report = hears(order, said(order, 1, [{"line": 1, "status": "Skickad"}], extra_devices=[extra]))
    return {"report": report.ref, "proposal": report.proposals.get().ref}


def a_store(admin):
    """One of each thing that the store knows."""
    product = a_product()
    rule = a_rule(a_budget())
    return {
        "product": product.ref,
        "variant": product.variants.get().ref,
        "picture": a_picture(product, by=admin).ref,
        "catalogue import": a_catalogue_import(by=admin).ref,
        "budget": rule.budget.ref,
        "rule": rule.ref,
    }
