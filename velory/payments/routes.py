"""Where events belong: which object at Stripe is whose. Rows in `public`, written in the company's own transaction."""

from velory.payments.inbox.models import Route
from velory.payments.models import Attempt, Card
from velory.tenancy.context import current_company


def keep_route(thing: Attempt | Card, *object_ids: str) -> None:
    """Say that objects belong to an attempt or a saved card of the current company. What is known stays as it is."""
    here = current_company()
    rows = [Route(object_id=id_, company_id=here.pk, attempt=thing.uuid) for id_ in object_ids if id_]
    Route.objects.bulk_create(rows, ignore_conflicts=True)
