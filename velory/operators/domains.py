"""The hosts at which a company is found: its own under the base domain, and any that it brings along.

A host that does not lead here yet may be added, and is not made the primary one: letters would lead nowhere.
"""

import socket

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from velory.journal.reason import Reason, Refused
from velory.operators.changing import hold
from velory.operators.deeds import note
from velory.tenancy.models import Domain
from velory.tenancy.opening import check_host
from velory.tenancy.routing import forget_hosts


def addresses_of(host: str) -> set[str]:
    """Where a host leads to, as the name servers say; nothing where it leads nowhere."""
    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        return set()


def leads_here(host: str) -> bool:
    """Whether a host leads to the same machines as the base domain. Asks the name servers: outside a transaction."""
    base = settings.BASE_DOMAIN
    if host == base or host.endswith(f".{base}"):
        return True
    return bool(addresses_of(host) & addresses_of(base))


def add(company, host: str, *, by, at, version=None) -> Domain:
    """Another host at which a company is found. ValidationError where it cannot be one, or is somebody's."""
    check_host(host, company.slug)
    with transaction.atomic():
        now = hold(company, version)
        if Domain.objects.filter(domain=host).exists():
            raise Refused(Reason("known", _("“%s” leads to this company already.") % host))
        try:
            with transaction.atomic():
                made = Domain.objects.give(now, host)
        except IntegrityError:
            check_host(host, company.slug)
            raise
        _keep(now, "add_domain", {"domain": ["", host]}, by=by, at=at)
    forget_hosts()
    return made


def make_primary(company, host: str, *, by, at, version=None) -> None:
    """Write letters with links to another of a company's hosts from now on. Refused where it does not lead here."""
    if not leads_here(host):
        raise Refused(
            Reason(
                "elsewhere",
                _("“%s” does not lead to this installation. Have its DNS record point to the base domain first.")
                % host,
            )
        )
    with transaction.atomic():
        now = hold(company, version)
        chosen = _of(now, host)
        before = now.domains.get(is_primary=True).domain
        if before != host:
            chosen.is_primary = True
            chosen.save()  # which takes it from the others
            _keep(now, "make_primary", {"primary": [before, host]}, by=by, at=at)
    forget_hosts()


def remove(company, host: str, *, by, at, version=None) -> None:
    """A host that leads to the company no more, nor anywhere else. Refused for the primary one."""
    with transaction.atomic():
        now = hold(company, version)
        chosen = _of(now, host)
        if chosen.is_primary:
            raise Refused(Reason("primary", _("Letters lead there. Make another address the primary one first.")))
        chosen.delete()
        _keep(now, "remove_domain", {"domain": [host, ""]}, by=by, at=at)
    forget_hosts()


def _of(company, host):
    chosen = company.domains.filter(domain=host).first()
    if chosen is None:
        raise Refused(Reason("gone", _("“%s” is none of the company's addresses any more.") % host))
    return chosen


def _keep(company, deed, changes, *, by, at):
    company.save(update_fields=["version"])
    note(company, deed, by=by, at=at, changes=changes)
