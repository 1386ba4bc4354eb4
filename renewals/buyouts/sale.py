"""A device as something that payments can sell: what follows from money, and from none."""

from django.utils import translation
from django.utils.translation import gettext as _

from assets.lifecycle import Status
from assets.models import Device
from renewals.buyouts import notices
from renewals.buyouts.starting import KIND
from velory.payments.currencies import payable
from velory.payments.models import Attempt
from velory.payments.sales import Sale, sells


@sells(KIND)
class Buyout(Sale):
    """A device bought out by its holder."""

    def hold(self, ref):
        """The device, seen as it is now."""
        device = Device.objects.filter(ref=ref).first()
        if device is not None:
            device.take_hold()
        return device

    def is_open_for(self, thing, attempt):
        """Its holder is on the way to the payment, and with no other attempt than this."""
        if thing.status != Status.PENDING_BUYOUT or thing.holder_id != attempt.person_id:
            return False
        return _no_other(attempt)

    def paid(self, thing, attempt, *, at):
        """It is bought: the step says for how much, and a letter confirms it."""
        thing.complete_buyout(
            by=None, at=at, amount=str(payable(attempt.amount, attempt.currency)), currency=attempt.currency,
            payment=attempt.ref,
        )  # fmt: skip
        notices.buyout_is_confirmed(thing, attempt, at=at)

    def not_paid(self, thing, attempt, *, at, why):
        """The choice is open again, unless it is not this attempt's to open."""
        if thing.status == Status.PENDING_BUYOUT and _no_other(attempt):
            thing.abandon_buyout(by=None, at=at, why=str(why), payment=attempt.ref)

    def money_back(self, thing, attempt, *, amount, why, at):
        """Whoever paid hears of it, and the admins do."""
        notices.money_goes_back(thing, attempt, amount=amount, why=str(why), at=at)

    def title(self, attempt):
        """What stands on the page where it is paid."""
        device = Device.objects.get(ref=attempt.subject_ref)
        with translation.override(attempt.person.language):
            return _("Buy-out: %s") % device

    def titles(self, attempts):
        """The same for a list, with one query."""
        named = Device.objects.in_bulk({attempt.subject_ref for attempt in attempts}, field_name="ref")
        return {attempt.pk: _("Buy-out: %s") % named[attempt.subject_ref] for attempt in attempts}

    def back_to(self, attempt):
        """The device's page."""
        return Device.objects.get(ref=attempt.subject_ref).get_absolute_url()

    def is_open_to_its_payer(self, attempt):
        """Until it is released to them: then it is their own, and no longer the company's."""
        return Device.objects.held_by(attempt.person).filter(ref=attempt.subject_ref).exists()


def _no_other(attempt):
    standing = Attempt.objects.open_about(KIND, attempt.subject_ref)
    return standing is None or standing.pk == attempt.pk
