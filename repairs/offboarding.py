"""What repairs knows of a leaver's devices: what is lent is taken back, and nobody who leaves gets one back."""

from django.urls import reverse
from django.utils.translation import gettext as _

from assets.offboarding.plans import leaves_soon_at
from assets.offboarding.roster import ADMIN, Deed, Standing, tells_standing
from repairs.doors import repairs_are_on
from repairs.models import Loan
from velory.journal.reason import Reason
from velory.people.models import Person


@tells_standing
def what_is_lent(items, *, at):
    """Borrowed: it goes back, whatever else could become of it."""
    if not repairs_are_on() or not items:
        return {}
    held = {item.device.pk: item for item in items}
    found = {}
    for loan in Loan.objects.out().filter(device__in=held):
        if loan.person_id == held[loan.device_id].offboarding.person_id:
            deed = Deed(_("Take back"), reverse("repairs:take_back", args=[loan.ref]), post=True)
            found[loan.device_id] = Standing(False, _("Borrowed: it is to be brought back."), ADMIN, (deed,),
                                            _("Borrowed: bring it back."))  # fmt: skip
    return found


def goes_to_nobody_who_leaves(whose, *, at) -> Reason | None:
    """Why a repaired device does not go back to whoever had it."""
    if not isinstance(whose, Person) or not leaves_soon_at(whose, at):
        return None
    text = _("%s leaves, or has left: it goes back to the company. Give it to somebody else, or to nobody.") % whose
    return Reason("leaves", text)
