"""A payee and its account at Stripe: opened and connected, named where there is one already, checked, taken away.

A company's own account is opened from here and is known to the platform as its own; a partner's may serve many
companies. Before a payee gets another account, whatever is open on the old one is called off at Stripe; where somebody
paid meanwhile, nothing changes and the payment counts (reliability R8).
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from velory.journal.deeds import write
from velory.journal.models import Entry
from velory.journal.reason import Reason, Refused, overtaken
from velory.journal.sentences import says
from velory.payments import gateway
from velory.payments.errors import Declined, Gone
from velory.payments.inbox.models import OwnAccount
from velory.payments.models import Attempt, Payee
from velory.payments.models.payee import COMPANY
from velory.payments.recipients import Recipient
from velory.payments.seen import Account
from velory.payments.start import abandon
from velory.payments.telling import admins_hear_of_account
from velory.tenancy.context import current_company
from velory.ui.dates import moment


def payee_for(recipient: Recipient) -> Payee:
    """The row of somebody who can be paid; made where there is none, by the name that they have now."""
    payee, _new = Payee.objects.get_or_create(key=recipient.key, defaults={"name": recipient.name})
    if payee.name != recipient.name:
        payee.name = recipient.name
        payee.save(update_fields=["name"])
    return payee


# Opening an account, or going on with it


def way_to_stripe(recipient: Recipient, *, country: str, back: str, again: str, by, at: datetime) -> str:
    """Where the owner of the account tells Stripe who they are; an account is opened the first time.

    Outside any transaction. `by` is None where the partner does it itself. Raises Refused, or Trouble of errors.py.
    """
    payee = payee_for(recipient)
    if not payee.account or payee.disconnected_at:
        payee = _open_account(payee, recipient, country=country, by=by, at=at)
    return gateway.onboarding_link(payee.account, back=back, again=again)


def _open_account(payee, recipient, *, country, by, at):
    before, number = payee.account, Entry.objects.version_of(payee)
    call_off_what_is_open(payee, at=at)
    # pressed twice, both have the same key and get the same account
    key = f"payee:{current_company().uuid}:{recipient.slug}:{number}:{country}"
    opened = gateway.open_account(name=recipient.name, email=recipient.email, country=country, key=key)
    with transaction.atomic():
        held = _held(payee, at=at)
        if held.account == opened.id:
            return held
        if held.account != before:
            raise overtaken()
        if recipient.is_company:
            OwnAccount.objects.get_or_create(account=opened.id, defaults={"company_id": current_company().pk})
        _connect(held, opened, at=at)
        write(held, "open_account", by=by, at=at, details={"account": opened.id})
    return held


# Naming an account that there is already


def name_account(recipient: Recipient, account: str, *, by, at: datetime) -> Payee:
    """A partner has an account already: Stripe has to confirm that it is connected with this installation.

    Outside any transaction. An account that is a company's own is refused in the same words as one that Stripe does not
    know here, so that nobody learns whose it is.
    """
    if recipient.is_company:
        raise Refused(Reason("own_only", _("The company’s own account is opened here, not named.")))
    if OwnAccount.objects.filter(account=account).exists():
        raise _cannot_be_used()
    try:
        seen = gateway.account(account)
    except (Gone, Declined):
        raise _cannot_be_used()
    payee = payee_for(recipient)
    if payee.account != account:
        call_off_what_is_open(payee, at=at)
    with transaction.atomic():
        held = _held(payee, at=at, but=account)
        if OwnAccount.objects.filter(account=account).exists():
            raise _cannot_be_used()
        _connect(held, seen, at=at)
        write(held, "name_account", by=by, at=at, details={"account": account})
    return held


def _cannot_be_used():
    return Refused(
        Reason(
            "account_unusable",
            _(
                "This account can’t be used here: it is not connected with Velory at Stripe, or it belongs to somebody "
                "else."
            ),
            who=_("the owner of the account"),
        )
    )


# Seeing how it stands, and ending it


def check(payee: Payee, *, at: datetime) -> Payee:
    """Ask Stripe whether the account takes money. Outside any transaction; raises Trouble where nobody answers."""
    try:
        seen = gateway.account(payee.account)
    except Gone:
        seen = None
    return take_in(payee, seen, at=at)


def take_in(payee: Payee, seen: Account | None, *, at: datetime) -> Payee:
    """Write down what Stripe says of a payee's account (None: no longer connected). Journalled where it changed."""
    with transaction.atomic():
        held = Payee.objects.select_for_update().get(pk=payee.pk)
        if held.account != payee.account or (seen and seen.id != held.account):
            return held  # it has another one by now
        before = (held.charges_enabled, held.disconnected_at is not None)
        held.charges_enabled = bool(seen and seen.charges_enabled)
        held.disconnected_at = None if seen else held.disconnected_at or at
        held.checked_at = at
        held.save(update_fields=["charges_enabled", "disconnected_at", "checked_at"])
        if before != (held.charges_enabled, held.disconnected_at is not None):
            deed = _what_happened(held)
            entry = write(held, deed, by=None, at=at, details={"account": held.account})
            if deed != "takes_cards" or held.key != COMPANY:  # its own account an admin has opened a moment ago
                admins_hear_of_account(held, deed, entry.pk, at=at)
    return held


def _what_happened(payee):
    if payee.disconnected_at:
        return "lost_account"
    return "takes_cards" if payee.charges_enabled else "takes_none"


def take_away(payee: Payee, *, by, at: datetime) -> Payee:
    """No more payments to this account; what is open is called off first. Outside any transaction."""
    call_off_what_is_open(payee, at=at)
    with transaction.atomic():
        held = _held(payee, at=at)
        if held.account != payee.account or not held.account:
            raise overtaken()
        was = held.account
        held.account, held.charges_enabled, held.disconnected_at, held.connected_at = "", False, None, None
        held.save(update_fields=["account", "charges_enabled", "disconnected_at", "connected_at"])
        write(held, "take_away_account", by=by, at=at, details={"account": was})
    return held


def call_off_what_is_open(payee: Payee, *, at: datetime) -> None:
    """Close every page on which this payee could be paid; Refused where one was paid meanwhile or can't be closed."""
    for attempt in Attempt.objects.to(payee).open().order_by("pk"):
        state = abandon(attempt, at=at)
        if state in {Attempt.State.PAID, Attempt.State.REFUND_DUE, Attempt.State.MISMATCH}:
            text = _(
                "Payment %(payment)s came while this was being changed. It counts, and the account stays as it is."
            )
            raise Refused(Reason("paid_meanwhile", text % {"payment": attempt.ref}))
        if state != Attempt.State.EXPIRED:
            raise _still_open(attempt)


def _held(payee, *, at, but=""):
    """The row, held; Refused where a payment to its account was begun meanwhile (`but`: to another than this one)."""
    held = Payee.objects.select_for_update().get(pk=payee.pk)
    if standing := Attempt.objects.to(held).open().exclude(account=but or "-").first():
        raise _still_open(standing)
    return held


def _still_open(attempt):
    text = _("Payment %(payment)s is still open, until %(until)s at the latest. Try again then.")
    return Refused(Reason("still_open", text % {"payment": attempt.ref, "until": moment(attempt.expires_at)}))


def _connect(payee, account: Account, *, at):
    payee.account, payee.charges_enabled = account.id, account.charges_enabled
    payee.connected_at, payee.checked_at, payee.disconnected_at = at, at, None
    payee.save(update_fields=["account", "charges_enabled", "connected_at", "checked_at", "disconnected_at"])


says("payments.payee", "open_account", gettext_lazy("An account at Stripe was opened: {account}."))
says("payments.payee", "name_account", gettext_lazy("{by} named the account at Stripe: {account}."))
says("payments.payee", "takes_cards", gettext_lazy("Stripe says that the account takes cards now."))
says("payments.payee", "takes_none", gettext_lazy("Stripe says that the account takes no cards for now."))
says("payments.payee", "lost_account", gettext_lazy("The account is no longer connected with Velory at Stripe."))
says("payments.payee", "take_away_account", gettext_lazy("{by} took away the account at Stripe: {account}."))
says("payments.payee", "ask_to_connect", gettext_lazy("{by} asked {address} to set the account up."))
