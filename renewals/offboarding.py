"""What renewals knows of a leaver's device: what it costs to buy out, whether it can go back, and since when."""

from django.urls import reverse
from django.utils.translation import gettext as _

from assets.lifecycle import Status
from assets.models import Device, Plan
from assets.offboarding.matters import Matter, lists_matters
from assets.offboarding.roster import PARTNER, Deed, Standing, Way, knows_ways, tells_standing
from renewals.buyouts.payees import seller_of
from renewals.choices.words import lessor_of
from renewals.models import Return
from renewals.paths import Path, path_of
from renewals.quotes import price_on
from renewals.terms import terms_of
from velory.journal.reason import Reason
from velory.journal.steps import steps_of
from velory.payments.models import Attempt


@knows_ways
def how_it_is_renewed(item, *, by, at):
    """Buying out and returning, as the device's own steps have it: with the price, or why not and from when."""
    path = path_of(item.device)
    if path is None:
        return []
    if path == Path.EXTERNAL:
        return [_external(item, by, at)]
    ways = [_buyout(item, by, at)]
    return [*ways, _return(item, by, at)] if path == Path.LEASED else ways


def _external(item, by, at):
    device = item.device
    about = _("%(distributor)s writes to you, and you settle with them whether you return it or buy it.") % {
        "distributor": device.distributor
    }
    return Way(
        Plan.Way.RETURN, _("Return or buy it from %s") % device.distributor, about,
        f"{device.get_absolute_url()}start_renewal/", shut=_shut(device, "start_renewal", by, at),
    )  # fmt: skip


def _buyout(item, by, at):
    device = item.device
    price, shut = price_on(device, terms_of(device)), _shut(device, "start_buyout", by, at)
    if shut and shut.code == "window":
        price = shut  # what it will cost then is not what it costs now
    about = _("You pay %s with your own card, and it becomes your own.") % seller_of(device)
    return Way(
        Plan.Way.BUY_OUT, _("Buy out"), about,
        f"{device.get_absolute_url()}start_buyout/", "" if isinstance(price, Reason) else price.paid,
        shut,
    )  # fmt: skip


def _return(item, by, at):
    device = item.device
    about = _("%s sends a return label and takes it back.") % lessor_of(device)
    return Way(
        Plan.Way.RETURN, _("Return to %s") % lessor_of(device), about,
        f"{device.get_absolute_url()}choose_return/", shut=_shut(device, "choose_return", by, at),
    )  # fmt: skip


def _shut(device, name, by, at):
    made = steps_of(Device)[name]
    if device.status not in made.sources:
        return Reason("status", _("That can't be done now: the status is “%s”.") % device.get_status_display())
    return made.reason(device, by=by, at=at)


@tells_standing
def how_far_a_return_is(items, *, at):
    """Whether the label has come, and who confirms."""
    going = {item.device.pk: item for item in items if item.device.status == Status.TO_RETURN and item.device.is_leased}
    returns = Return.objects.under_way().filter(device__in=going).select_related("provider") if going else ()
    found = {}
    for returning in returns:
        device = going[returning.device_id].device
        provider = returning.provider or _("the leasing provider")
        deed = Deed(_("Confirm return"), f"{device.get_absolute_url()}confirm_return/")
        if returning.label:
            text = _("It goes back to %s. The label has come; confirm when it has arrived.") % provider
            own = _("It goes back to %s. The label has come: send it off.") % provider
        else:
            text = own = _("It goes back to %s. The label has not come yet.") % provider
        found[device.pk] = Standing(False, text, PARTNER, (deed,), own)
    return found


@lists_matters(order=40)
def what_they_still_pay(person, *, today):
    """Payments that are under way."""
    return [
        Matter(_("Payment %s") % attempt.ref, _("Under way. It is settled or called off by itself."),
               reverse("money:payment", args=[attempt.ref]), _("See the payment"))
        for attempt in Attempt.objects.open().by(person).newest_first()
    ]  # fmt: skip
