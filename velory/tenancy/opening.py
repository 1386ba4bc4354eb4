"""Opening a company: one function, from nothing to a schema that is ready, with its first admin invited."""

import re
from collections.abc import Callable
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils.translation import gettext as _

from velory import clock
from velory.tenancy.blueprint import build
from velory.tenancy.context import inside, outside
from velory.tenancy.fingerprint import expected
from velory.tenancy.models import RESERVED, SHORT_NAME, Company, Domain
from velory.tenancy.plans import INCLUDED
from velory.tenancy.routing import forget_hosts

TIME_ZONES = {
    "SE": "Europe/Stockholm", "FI": "Europe/Helsinki", "NO": "Europe/Oslo", "DK": "Europe/Copenhagen",
    "IS": "Atlantic/Reykjavik", "EE": "Europe/Tallinn", "LV": "Europe/Riga", "LT": "Europe/Vilnius",
    "DE": "Europe/Berlin", "NL": "Europe/Amsterdam", "GB": "Europe/London", "IE": "Europe/Dublin",
}  # fmt: skip

LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
HOST_NAME = re.compile(rf"{LABEL}(\.{LABEL})*")

_furnishers: list[Callable[..., None]] = []
_welcomers: list[Callable[..., None]] = []
_keepers: list[Callable[..., bool]] = []


def furnishes(furnish):
    """Register what an app puts into every new company: default categories, settings. Called inside it."""
    _furnishers.append(furnish)
    return furnish


def welcomes(welcome):
    """Register who sees to a new company's first admin, by their address. Called inside it, once it is furnished."""
    _welcomers.append(welcome)
    return welcome


def keeps_free(is_kept):
    """Register who knows of hosts and short names at which no company may open: `is_kept(name, at=)`."""
    _keepers.append(is_kept)
    return is_kept


def open_company(
    name, *, slug, domain, country="SE", language="sv", currency="SEK", plan="standard", admin_email="", features=(),
    time_zone="",
) -> Company:  # fmt: skip
    """Open a company and return it, ready to be served.

    Started again after a crash it goes on where it stopped. Raises ValidationError with a sentence when a
    name, host, plan or feature cannot be had; nothing is then written.
    """
    company = a_company(
        name, slug=slug, country=country, language=language, currency=currency, plan=plan, features=features,
        time_zone=time_zone,
    )  # fmt: skip
    with outside():
        check(company, domain, admin_email)
        company = register(company, domain)
    bring_up(company, admin_email)
    return company


def a_company(name, *, slug, country, language, currency, plan, features=(), time_zone="") -> Company:
    """A company as it is asked for, not yet written."""
    return Company(
        slug=slug,
        name=name,
        schema_name="c_" + slug.replace("-", "_"),
        country=country,
        language=language,
        currency=currency,
        time_zone=time_zone or TIME_ZONES.get(country, "Europe/Stockholm"),
        plan=plan,
        features=sorted(features),
        opened_at=clock.now(),
    )


def bring_up(company, admin_email="") -> None:
    """From a registered company to one that is served: its schema, what each app puts into it, its first admin.

    Each part may be done again; the state is the last thing written.
    """
    with outside():
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE SCHEMA IF NOT EXISTS "{company.schema_name}"')
        migrate(company)
        with inside(company), transaction.atomic():
            for furnish in _furnishers:
                furnish(company)
            for welcome in _welcomers if admin_email else []:
                welcome(company, admin_email)
        company.state = Company.State.READY
        company.save(update_fields=["state"])
    forget_hosts()


def migrate(company) -> None:
    """Bring a company's schema up to this code's migrations and remember that it is."""
    build(company)
    company.migrated_to = expected()
    company.save(update_fields=["migrated_to"])


def check(company, domain, admin_email="") -> None:
    """Whether a company can be had under this name, at this host. Raises ValidationError, by field, with a sentence."""
    check_slug(company.slug)
    check_host(domain, company.slug)
    for feature in company.features:
        if feature not in INCLUDED:
            raise ValidationError({"features": _("There is no feature “%s”.") % feature})
    if admin_email:
        try:
            validate_email(admin_email.strip())
        except ValidationError as wrong:
            raise ValidationError({"admin_email": wrong}) from wrong
    check_facts(company)
    if _is_kept(company.slug):
        kept = _("The short name “%s” belonged to a company that was erased, and is kept free.")
        raise ValidationError({"slug": kept % company.slug})
    if Company.objects.filter(slug=company.slug).exclude(state=Company.State.OPENING).exists():
        raise ValidationError({"slug": _("The short name “%s” is taken.") % company.slug})


def check_slug(slug) -> None:
    """Whether a word can be a company's short name, taken or not."""
    if slug in RESERVED or slug.startswith("pg-") or not SHORT_NAME.fullmatch(slug):
        raise ValidationError(
            {"slug": _("“%s” cannot be a company's short name. Choose 3 to 31 lower-case letters.") % slug}
        )


def check_host(domain, slug="") -> None:
    """Whether a host can lead to the company of that short name."""
    base = settings.BASE_DOMAIN
    if not HOST_NAME.fullmatch(domain) or len(domain) > 253:
        raise ValidationError({"domain": _("“%s” is not a host name. Give it in lower case, without a port.") % domain})
    if domain in {base, *(f"{name}.{base}" for name in RESERVED)}:
        raise ValidationError({"domain": _("“%s” is kept for Velory itself.") % domain})
    if _is_kept(domain):
        raise ValidationError({"domain": _("“%s” belonged to a company that was erased, and is kept free.") % domain})
    if Domain.objects.filter(domain=domain).exclude(tenant__slug=slug).exists():
        raise ValidationError({"domain": _("“%s” already belongs to another company.") % domain})


def _is_kept(name):
    return any(is_kept(name, at=clock.now()) for is_kept in _keepers)


def check_facts(company) -> None:
    """Whether a company can be called so, and whether we know its country, currency, language, time zone and plan."""
    if not re.fullmatch(r"[A-Z]{2}", company.country):
        wrong = _("“%s” is not a country. Give two capital letters, such as SE.")
        raise ValidationError({"country": wrong % company.country})
    if not re.fullmatch(r"[A-Z]{3}", company.currency):
        wrong = _("“%s” is not a currency. Give three capital letters, such as SEK.")
        raise ValidationError({"currency": wrong % company.currency})
    if company.language not in dict(settings.LANGUAGES):
        raise ValidationError({"language": _("“%s” is not a language of Velory. Give sv or en.") % company.language})
    if company.time_zone not in available_timezones():
        wrong = _("“%s” is not a time zone. Give one such as Europe/Stockholm.")
        raise ValidationError({"time_zone": wrong % company.time_zone})
    if company.plan not in Company.Plan.values:
        raise ValidationError({"plan": _("There is no plan “%s”. Give starter, standard or pro.") % company.plan})
    if not company.name.strip() or len(company.name) > 120 or not company.name.isprintable():
        raise ValidationError({"name": _("A company's name has 1 to 120 characters.")})


def register(company, domain) -> Company:
    """Write a company and its host, all or nothing; the one that stands there already where an opening goes on."""
    with transaction.atomic():
        known = Company.objects.filter(slug=company.slug).first()
        if known is None:
            company.save()
        Domain.objects.get_or_create(domain=domain, defaults={"tenant": known or company, "is_primary": True})
    return known or company
