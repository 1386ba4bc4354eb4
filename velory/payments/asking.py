"""A partner is asked by mail to set up its account: a letter with a link that opens one page, and signs nobody in."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from velory.journal.deeds import write
from velory.journal.reason import Reason, Refused
from velory.payments import gateway
from velory.payments.connecting import payee_for
from velory.payments.models import Payee
from velory.payments.reasons import not_set_up
from velory.payments.recipients import Recipient, recipient_of
from velory.post.letters import letter, write_letter
from velory.post.links import link_for, void_links
from velory.post.models import Letter

PURPOSE = "payments.connect"
LIFE_OF_A_LINK = timedelta(days=30)


def ask_to_connect(recipient: Recipient, *, by, at: datetime) -> Letter | None:
    """Write to a partner. Asked again, the link before it stops working."""
    if not gateway.set_up():
        raise Refused(not_set_up())
    if not recipient.email:
        text = _("%(name)s has no e-mail address. Add one on its page, or ask it for its account at Stripe.")
        raise Refused(Reason("no_address", text % {"name": recipient.name}, who=_("an admin")))
    payee = payee_for(recipient)
    with transaction.atomic():
        held = Payee.objects.select_for_update().get(pk=payee.pk)
        if held.charges_enabled and not held.disconnected_at:
            raise Refused(Reason("ready", _("%(name)s takes cards already.") % {"name": recipient.name}))
        void_links(held, at=at, purpose=PURPOSE)
        entry = write(held, "ask_to_connect", by=by, at=at, details={"address": recipient.email})
        return write_letter(
            "payments/connect_account", key=f"payments/connect_account/{entry.pk}", to=recipient.email,
            to_name=recipient.name, language=recipient.language, at=at, context={"payee": held.key},
        )  # fmt: skip


def binding_of(recipient: Recipient) -> str:
    """What a link holds good for: as long as the partner is written to at that address, and is paid at all."""
    return recipient.email.lower()[:60] if recipient.what_for else ""


@letter("payments/connect_account", label=gettext_lazy("Set up the account for payments, to a partner"))
def what_is_asked(letter) -> dict:
    """Whom it is for, what is paid to them, and the link."""
    payee = Payee.objects.get(key=letter.context["payee"])
    recipient = recipient_of(payee)
    expires_at = letter.written_at + LIFE_OF_A_LINK
    return {
        "recipient": recipient,
        "expires_at": expires_at,
        "url": link_for(PURPOSE, payee, letter.to, binding=binding_of(recipient), expires_at=expires_at),
    }
