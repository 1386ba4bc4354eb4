"""What must happen to a device that another takes the place of, in a sentence for its holder."""

from django.utils.translation import gettext as _

from assets.leaving import tells_what_must_happen
from assets.lifecycle import Status
from renewals.paths import Path, closed, path_of
from renewals.stages import Stage, opens_on
from renewals.terms import terms_of
from velory.tenancy.context import current_company
from velory.ui.dates import day_long


@tells_what_must_happen
def as_it_was_decided(device, *, today):
    """It goes back, it is bought out, or that is still to be chosen, as the policy allows."""
    facts = {"provider": device.contract.provider if device.is_leased else "", "distributor": device.distributor or ""}
    if device.status == Status.TO_RETURN and device.is_leased:
        text = _(
            "It goes back to %(provider)s. When the new one has come, you get a mail that it is time to return it."
        )
        return text % facts
    if device.status == Status.BOUGHT_BY_EMPLOYEE:
        return _("You have bought it out: it stays with you.")
    if device.status == Status.RETURN_PENDING and path_of(device) == Path.EXTERNAL:
        return _("%(distributor)s writes to you about returning or buying it out.") % facts
    if device.status in {Status.TO_RETURN, Status.RETURN_PENDING}:
        return _("It is to be returned. Do that when the new one has come.")
    return _still_to_be_chosen(device) if device.is_leased else ""


def _still_to_be_chosen(device):
    if path_of(device) != Path.LEASED or closed(Path.LEASED, current_company()):
        return ""
    terms, facts = terms_of(device), {"day": day_long(opens_on(device.renewal_on, Stage.LEASED_1_MONTH))}
    if terms.leased_buyout and terms.leased_return:
        return _("It stays leased. From %(day)s you choose for good: buy it out or return it.") % facts
    if terms.leased_return:
        return _("It stays leased. It is to be returned; from %(day)s you confirm that.") % facts
    return _("It stays leased. From %(day)s you can buy it out.") % facts if terms.leased_buyout else ""
