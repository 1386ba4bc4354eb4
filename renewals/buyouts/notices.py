"""Who hears what about a buy-out. The words are in the templates of these names."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from assets.gate import may_order
from assets.models import Device
from assets.offboarding.plans import leaves_soon
from renewals.buyouts.starting import BOUGHT, quote_behind
from velory import clock
from velory.payments.models import Attempt
from velory.payments.sales import Why
from velory.people.models import Person
from velory.post.letters import draft, letter, write_letter, write_letters
from velory.tenancy.context import current_company

# To whoever bought it


def buyout_is_confirmed(device, attempt, *, at) -> None:
    """It is paid: the letter is always written, whether or not Stripe sends a receipt of its own."""
    write_letter(
        "renewals/bought", key=f"renewals/bought/{attempt.ref}", person=attempt.person, at=at, context=_about(attempt)
    )


@letter("renewals/bought", label=_("Buy-out confirmed"))
def what_was_bought(letter):
    """The sum as it was quoted, who was paid, and what to do until the device is released."""
    attempt = _attempt(letter)
    device = Device.objects.select_related("category").get(ref=attempt.subject_ref)
    today = clock.local_date(letter.written_at)
    gate = may_order(attempt.person, device.category, today=today)
    return {
        "device": device, "attempt": attempt, "sum": quote_behind(attempt), "seller": attempt.payee.name,
        "paid_on": today, "url": _address(device), "gate": gate, "leaves": leaves_soon(attempt.person, today=today),
    }  # fmt: skip


def device_is_theirs(device, *, at) -> None:
    """Released: from now on it is its buyer's own."""
    if device.last_holder is None:
        return
    write_letter(
        "renewals/released_to_you", key=f"renewals/released_to_you/{device.ref}/{device.version}",
        person=device.last_holder, at=at, context={"device": device.ref},
    )  # fmt: skip


@letter("renewals/released_to_you", label=_("Device released to its buyer"))
def what_is_theirs(letter):
    """The device. There is nothing left to do here, so there is no button either."""
    return {"device": Device.objects.get(ref=letter.context["device"])}


# Money that goes back


def money_goes_back(device, attempt, *, amount: Decimal, why: str, at) -> None:
    """The payer hears what concerns them; the admins hear everything. What came too late is told once, when it came."""
    if why == Why.REFUNDED and attempt.why == Why.TOO_LATE:
        return
    context = _about(attempt) | {"amount": str(amount), "why": why, "device": device.ref if device else ""}
    key = f"renewals/money_back/{attempt.ref}/{why}/{attempt.version}/{amount}"
    if why in TOLD_TO_THE_PAYER:
        write_letter("renewals/money_back", key=key, person=attempt.person, at=at, context=context)
    admins = Person.objects.admins_to_write_to(clock.local_date(at))
    write_letters(
        [
            draft("renewals/money_back_to_admins", key=f"{key}/{admin.ref}", person=admin, at=at, context=context)
            for admin in admins
        ],
        at=at,
    )


TOLD_TO_THE_PAYER = {Why.TOO_LATE, Why.REFUNDED, Why.REFUND_FAILED}


@letter("renewals/money_back", label=_("Money for a buy-out goes back"))
def what_goes_back(letter):
    """How much, why, and who gives it back."""
    attempt = _attempt(letter)
    device = Device.objects.filter(ref=attempt.subject_ref).first()
    return {
        "device": device, "attempt": attempt, "amount": Decimal(letter.context["amount"]),
        "cause": letter.context["why"], "seller": attempt.payee.name,
        "url": _address(device),
    }  # fmt: skip


@letter("renewals/money_back_to_admins", label=_("Money for a buy-out goes back, to the admins"))
def what_admins_are_told(letter):
    """The same, with who paid; and what there is to do."""
    found = what_goes_back(letter)
    return found | {"payer": found["attempt"].person, "is_bought": found["device"].status in BOUGHT}


def _about(attempt):
    return {"payment": attempt.ref}


def _attempt(letter):
    return Attempt.objects.select_related("person", "payee").get(ref=letter.context["payment"])


def _address(device):
    return current_company().address(device.get_absolute_url())
