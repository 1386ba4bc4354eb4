"""How orders reach a distributor, and how it may report back."""

from orders.models import Channel, Order


def channel_of(partner) -> Channel:
    """A distributor's channel; one that says nothing yet where nobody has set it up."""
    return Channel.objects.filter(partner=partner).first() or Channel(partner=partner)


def ways_to(partners) -> dict[int, str]:
    """In which way an order reaches each of some distributors."""
    machines = set(Channel.objects.filter(partner__in=partners, by_machine=True).values_list("partner", flat=True))
    return {partner.pk: Order.Way.HTTP if partner.pk in machines else Order.Way.MAIL for partner in partners}
