"""Who is worth signing in as on this day: an admin, a purchase manager, and one employee for each open stage."""

from django.conf import settings

from assets.models import Device
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
        yield device.holder.email, f"{code}{', overdue' if late else ''}: {device.name}, {device.renewal_on}"


def password() -> str:
    """What everyone signs in with."""
    from velory.demo.world import PASSWORD

    assert settings.DEMO
    return PASSWORD
