"""Who is worth signing in as on this day: an admin, a purchase manager, one employee for each open stage, and whom
requests and orders concern."""

from django.conf import settings

from assets.lifecycle import Status
from assets.models import Device
from orders.models import Order, ProductRequest
from renewals.paths import path_of
from renewals.stages import stage_now
from velory import clock
from velory.people.models import Person, Role
from velory.tenancy.context import inside
from velory.tenancy.models import Company


def cast() -> list[tuple[str, str, str]]:
    """(address, e-mail, why) of the people whom the demo names at its start."""
    people = []
    for company in Company.objects.exclude(slug="ops").order_by("pk"):
        with inside(company):
            people += [(company.address(), email, why) for email, why in _of(company)]
    ops = Company.objects.filter(slug="ops").first()
    if ops:
        people.append((ops.address(), "operator@velory.example", "operator"))
    return people


def _of(company):
    working = Person.objects.working(clock.today(company)).with_address()
    for role, name in ((Role.ADMIN, "admin"), (Role.PURCHASE_MANAGER, "purchase manager")):
        first = working.filter(role=role).order_by("pk").first()
        if first:
            yield first.email, name
    found = {}
    today = clock.today(company)
    devices = Device.objects.filter(status="active", holder__in=working.filter(role=Role.EMPLOYEE))
    for device in devices.exclude(renewal_on=None).with_what_a_list_shows().order_by("renewal_on"):
        stage = stage_now(path_of(device), device.renewal_on, today)
        late = device.renewal_on < today
        if stage and (stage.value, late) not in found:
            found[stage.value, late] = device
    for (code, late), device in sorted(found.items()):
        what = "has not said what becomes of" if late else "is asked what becomes of"
        yield device.holder.email, f"{what} {device.name}, renewal {device.renewal_on} ({code})"
    yield from _who_ordered()


def _who_ordered():
    """Whom it concerns that something is asked for, on its way, or went wrong."""
    for request in ProductRequest.objects.pending().exclude(approver=None).order_by("pk"):
        more = ", over budget" if request.to_pay else ""
        yield request.approver.email, f"answers {request.ref} of {request.requester}{more}"
    ways = {
        Status.PREPARING: "being prepared",
        Status.SHIPPED: "shipped",
        Status.DELIVERED: "delivered, to be received",
    }
    for status, words in ways.items():
        device = (
            Device.objects.filter(status=status, order_line__isnull=False).exclude(holder=None).order_by("pk").first()
        )
        if device and device.holder:
            yield device.holder.email, f"{words}: {device.name}"
    failed = Order.objects.failed().order_by("pk").first()
    if failed and failed.request:
        yield failed.request.requester.email, f"their order {failed.ref} did not get to the distributor"


def password() -> str:
    """What everyone signs in with."""
    from velory.demo.world import PASSWORD

    assert settings.DEMO
    return PASSWORD
