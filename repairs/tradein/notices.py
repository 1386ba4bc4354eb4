"""Who hears what of a trade-in. The words are in the templates of these names."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from repairs.models import TradeIn
from repairs.tradein.condition import in_words
from velory import clock
from velory.journal.reason import Reason
from velory.people.models import Person
from velory.post.letters import draft, letter, write_letter, write_letters
from velory.post.links import link_for
from velory.tenancy.context import current_company

OFFERED, OVER, ANSWERED = "repairs/trade_in_offered", "repairs/trade_in_over", "repairs/trade_in_answered"
PURPOSE = "repairs.trade_in"
LIFE_OF_A_LINK = timedelta(days=120)


def _of(letter):
    return TradeIn.objects.with_what_a_list_shows().get(ref=letter.context["trade_in"])


def still_open(letter, at):
    """Neither traded in nor withdrawn, and the address is the buyer's still."""
    trade_in = _of(letter)
    if not trade_in.is_open or trade_in.buyer.email.lower() != letter.to.lower():
        return Reason("over", _("The trade-in is over, or goes to another address."))
    return None


@letter(OFFERED, check=still_open, label=gettext_lazy("Trade-in, to the buyer"))
def what_is_offered(letter):
    """The device, its condition, the preliminary value, and the buyer's own page."""
    trade_in = _of(letter)
    return {
        "trade_in": trade_in, "device": trade_in.device, "condition": in_words(trade_in.condition),
        "url": link_of(trade_in),
    }  # fmt: skip


@letter(OVER, label=gettext_lazy("Trade-in decided, to the buyer"))
def how_it_ended(letter):
    """Whether the company sells it."""
    trade_in = _of(letter)
    return {"trade_in": trade_in, "device": trade_in.device}


@letter(ANSWERED, required=False, label=gettext_lazy("Trade-in answered, to the admins"))
def what_was_answered(letter):
    """What the buyer pays, and where it is decided."""
    trade_in = _of(letter)
    url = current_company().address(trade_in.get_absolute_url())
    return {"trade_in": trade_in, "device": trade_in.device, "url": url}


def link_of(trade_in) -> str:
    """The buyer's own page."""
    return link_for(
        PURPOSE, trade_in, trade_in.buyer.email, binding=binding_of(trade_in),
        expires_at=clock.now() + LIFE_OF_A_LINK,
    )  # fmt: skip


def binding_of(trade_in) -> str:
    """What the buyer's link holds good for."""
    return f"{trade_in.ref}/{trade_in.buyer.ref}"


def buyer_is_told(trade_in, *, at) -> None:
    """At once, once."""
    _to_buyer(OFFERED, trade_in, at)


def buyer_hears_the_end(trade_in, *, at) -> None:
    """Traded in or withdrawn."""
    _to_buyer(OVER, trade_in, at)


def _to_buyer(template, trade_in, at):
    buyer = trade_in.buyer
    if buyer.email:
        write_letter(
            template, key=f"{template}/{trade_in.ref}", to=buyer.email, to_name=buyer.name, language=buyer.language,
            at=at, context={"trade_in": trade_in.ref},
        )  # fmt: skip


def admins_hear_the_answer(trade_in, *, at) -> None:
    """Each answer, also a corrected one."""
    key = f"{ANSWERED}/{trade_in.ref}/{trade_in.journal.count()}"
    admins = Person.objects.admins_to_write_to(clock.local_date(at))
    write_letters(
        [draft(ANSWERED, key=f"{key}/{admin.ref}", person=admin, at=at, context={"trade_in": trade_in.ref})
         for admin in admins], at=at,
    )  # fmt: skip
