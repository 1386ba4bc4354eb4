"""How orders reach a distributor, and with which secret both sides sign."""

import secrets as random
from datetime import datetime, timedelta

from django.db import transaction

from assets.models import Partner
from orders.models import Channel, Order
from orders.ordering.sealing import seal, unseal
from velory.journal.deeds import refuse_stale, write

BEFORE_IS_VALID = timedelta(days=7)


def channel_of(partner) -> Channel:
    """A distributor's channel; one that says nothing yet where nobody has set it up."""
    found = Channel.objects.filter(partner=partner).select_related("partner").first()
    return found or Channel(partner=partner)


def ways_to(partners) -> dict[int, str]:
    """In which way an order reaches each of some distributors."""
    machines = set(Channel.objects.filter(partner__in=partners, by_machine=True).values_list("partner", flat=True))
    return {partner.pk: Order.Way.HTTP if partner.pk in machines else Order.Way.MAIL for partner in partners}


def way_to(partner) -> str:
    """In which way an order reaches a distributor now."""
    return ways_to([partner])[partner.pk]


def address_of(partner) -> str:
    """Where orders are written to: an address of their own, else that for all notices; empty where there is none."""
    return channel_of(partner).orders_email or partner.email


def secrets_of(partner, at: datetime) -> list[str]:
    """The secrets that are valid at a moment, the newest first: two while one is being changed, none where there is
    none or where no key of ours opens it any more."""
    channel = channel_of(partner)
    sealed = [channel.sealed_secret]
    if channel.secret_before_until is not None and channel.secret_before_until > at:
        sealed.append(channel.sealed_secret_before)
    opened = [unseal(one) for one in sealed if one]
    return [one for one in opened if one]


def renew_secret(partner, *, by, at, version: int | None = None) -> str:
    """A new secret, which is told once; the one before stays valid for a week."""
    with transaction.atomic():
        Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
        channel = channel_of(partner)
        refuse_stale(channel, version)
        fresh = random.token_urlsafe(32)
        if channel.sealed_secret:
            channel.sealed_secret_before, channel.secret_before_until = channel.sealed_secret, at + BEFORE_IS_VALID
        channel.sealed_secret = seal(fresh)
        channel.save()
        write(channel, "renew_secret", by=by, at=at)
    return fresh
