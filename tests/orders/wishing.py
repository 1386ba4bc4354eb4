"""Makers of requests and orders."""

from decimal import Decimal

from django.db import transaction

from orders.models import ProductRequest, RequestLine, Variant
from orders.ordering.placing import place
from orders.prices import Mode
from tests.making import a_person
from tests.orders.making import a_product
from velory import clock
from velory.journal.steps import entry_for

LEASED = {"mode": Mode.MONTHLY, "amount": Decimal("411.23")}


def a_request(*lines, person=None, requester=None, space=None, for_company=False, at=None, **facts):
    """A request that was sent, with a line for each dict; without any, one phone bought once."""
    at = at or clock.now()
    requester = requester or person or a_person()
    if space is None and not for_company:
        person = person or requester
    request = ProductRequest.objects.create(
        requester=requester, person=person, space=space, sent_at=at, version=1, **facts
    )
    for number, line in enumerate(lines or ({},), start=1):
        a_line(request, number, **line)
    entry_for(request, "send", by=requester, role="requester", at=at).save(force_insert=True)
    return request


def a_line(request, number, *, variant=None, mode=Mode.ONE_OFF, **facts):
    """One device that is asked for, at its variant's price; of the first variant there is, if none is named."""
    variant = variant or Variant.objects.order_by("pk").first() or a_product().variants.get()
    product, is_leased = variant.product, mode == Mode.MONTHLY
    defaults = {
        "name": str(variant), "article_number": variant.article_number, "category": product.category,
        "distributor": product.distributor, "amount": variant.monthly_price if is_leased else variant.price,
        "currency": variant.currency, "vat_percent": Decimal(25),
    }  # fmt: skip
    if is_leased:
        terms = ("months", "provider", "acquisition_price", "residual_percent")
        defaults |= {name: getattr(variant, name) for name in terms}
    return RequestLine.objects.create(request=request, number=number, variant=variant, mode=mode, **defaults | facts)


def an_order(*lines, at=None, **facts):
    """An order as an approval places it; of the first distributor where there are several."""
    at = at or clock.now()
    with transaction.atomic():
        return place(a_request(*lines, at=at, **facts), at=at)[0]
