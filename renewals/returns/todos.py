"""What waits for the admins in returns: labels that are missing, providers that can't be told, returns under way."""

from django.db.models import Exists, Min, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _

from assets.models import Partner
from renewals.models import Return
from renewals.returns.promise import late_if_chosen_by
from velory import clock
from velory.post.models import RefusedAddress
from velory.ui.todos import Todo, todo


def label_missing(at):
    """The provider was told, the promise has passed, and no label has come."""
    return Return.objects.without_label().exclude(told_at=None).chosen_by(late_if_chosen_by(at)).exclude(untold())


def untold() -> Q:
    """No provider, no address, or one that refuses mail."""
    return Q(provider=None) | Q(provider__email="") | Q(provider__in=refusing())


def refusing():
    """Keys of leasing providers whose address refuses mail."""
    return Partner.objects.exclude(email="").filter(
        Exists(RefusedAddress.objects.filter(address=Lower(OuterRef("email"))))
    ).values_list("pk", flat=True)  # fmt: skip


def not_told():
    """Leased, under way, without a label, and nobody can be told."""
    return Return.objects.without_label().filter(untold())


def cannot_be_told(returning, refused) -> str:
    """Why nobody could be told of a return, and who can be asked; empty where somebody was. `refused`: `refusing()`."""
    provider = returning.provider
    if not returning.is_leased or returning.label:
        return ""
    if provider is None:
        return _("The contract names no leasing provider, so nobody was told. Name it on the contract.")
    if not provider.email:
        return _("%s has no e-mail for notices, so it was not told.") % provider + _whom_to_ask(provider)
    if provider.pk in refused:
        text = _("%(address)s refuses mail, so %(provider)s may not have been told.")
        return text % {"address": provider.email, "provider": provider} + _whom_to_ask(provider)
    return ""


def _whom_to_ask(provider):
    ways = ", ".join(filter(None, [provider.support_email, provider.support_phone]))
    return " " + _("Its support: %s.") % ways if ways else ""


@todo(order=15)
def what_a_return_lacks(today):
    """Labels beyond their promise; providers that do not know."""
    returns = reverse("renewals:returns")
    return [
        _todo("label_missing", label_missing(clock.now()), _("Return label missing"),
              _("Promised within 24 hours on weekdays. Remind the provider."), f"{returns}?label=missing", late=True),
        _todo("provider_address", not_told(), _("Leasing provider not told of a return"),
              _("It has no address that works. Whom to ask stands with each."), f"{returns}?label=untold", late=True),
    ]  # fmt: skip


@todo(order=22)
def what_is_on_its_way_back(today):
    """The holder waits for the new device."""
    return [
        _todo("returns_waiting", Return.objects.awaiting_the_replacement(), _("Returns waiting for the new device"),
              _("The holder is told to return it when the new one has come, or when you say so."),
              f"{reverse('renewals:returns')}?waits=new"),
    ]  # fmt: skip


def _todo(code, returns, title, about, url, *, late=False):
    figures = returns.aggregate(oldest=Min("chosen_at"))
    count = returns.count() if figures["oldest"] else 0
    oldest = clock.local_date(figures["oldest"]) if count else None
    return Todo(code, count, title, about, url, oldest_on=oldest, late=count if late else 0)
