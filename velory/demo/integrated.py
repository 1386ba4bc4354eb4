"""Saimaa's orders to Dustin go to a machine: the stand-in of velory/demo/distributor, with a secret that both share."""

import http.client
import json
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction

from assets.models import Partner
from orders.ordering.channels import channel_of, renew_secret
from velory import clock
from velory.tenancy.context import inside

WHOSE, WHICH = "saimaa", "Dustin"


def has_a_machine() -> bool:
    """Whether the stand-in runs here."""
    return bool(settings.ENV.velory_demo_machine_port)


def address_of_the_machine() -> str:
    """Where it takes orders, as the product reaches it."""
    return f"http://127.0.0.1:{settings.ENV.velory_demo_machine_port}/orders/"


def connect(company) -> None:
    """Let orders go there, once; after a start on another port, to the new one. Doing it twice changes nothing."""
    if company.slug != WHOSE or not has_a_machine():
        return
    with inside(company):
        partner = Partner.objects.get(name=WHICH)
        channel = channel_of(partner)
        if channel.url == address_of_the_machine():
            return
        with transaction.atomic():
            channel.by_machine, channel.url = True, address_of_the_machine()
            channel.save()
        if not channel.sealed_secret:
            secret = renew_secret(partner, by=None, at=clock.now())
            tell_the_machine("customer", company=company.slug, secret=secret)


def tell_the_machine(verb: str, **facts) -> None:
    """Let something happen at the distributor's desk."""
    line = http.client.HTTPConnection("127.0.0.1", settings.ENV.velory_demo_machine_port, timeout=20)
    try:
        line.request("POST", f"/{verb}", urlencode(facts), {"Content-Type": "application/x-www-form-urlencoded"})
        answer = line.getresponse()
        said = json.loads(answer.read())
    finally:
        line.close()
    if answer.status != 200:
        raise RuntimeError(f"The distributor's machine does not {verb}: {said['error']}")
