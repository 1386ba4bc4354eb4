"""Opening a company: one function, from nothing to a schema that is ready, with its first admin invited."""

import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils.translation import gettext as _

from velory import clock
from velory.tenancy.context import inside, outside
from velory.tenancy.fingerprint import expected
from velory.tenancy.models import RESERVED, SHORT_NAME, Company, Domain
from velory.tenancy.plans import INCLUDED
from velory.tenancy.routing import forget_hosts

TIME_ZONES = {"SE": "Europe/Stockholm", "FI": "Europe/Helsinki", "NO": "Europe/Oslo", "DK": "Europe/Copenhagen"}

LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
HOST_NAME = re.compile(rf"{LABEL}(\.{LABEL})*")

_furnishers: list[Callable[..., None]] = []


def furnishes(furnish):
    """Register what an app puts into every new company: default categories, settings. Called inside it."""
    _furnishers.append(furnish)
    return furnish


def open_company(
    name, *, slug, domain, country="SE", language="sv", currency="SEK", plan="standard", admin_email="", features=()
) -> Company:
    """Open a company and return it, ready to be served.

    Started again after a crash it goes on where it stopped. Raises ValidationError with a sentence when a
    name, host, plan or feature cannot be had; nothing is then written.
    """
    company = Company(
        slug=slug,
        name=name,
        schema_name="c_" + slug.replace("-", "_"),
        country=country,
        language=language,
        currency=currency,
        time_zone=TIME_ZONES.get(country, "Europe/Stockholm"),
        plan=plan,
        features=sorted(features),
        opened_at=clock.now(),
    )
    with outside():
        _check(company, domain, features, admin_email)
        company = _register(company, domain)
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE SCHEMA IF NOT EXISTS "{company.schema_name}"')
        migrate(company)
        with inside(company), transaction.atomic():
            for furnish in _furnishers:
                furnish(company)
            if admin_email:
                from velory.people.models import Person

                Person.objects.invite_first_admin(admin_email, language=language)
        company.state = Company.State.READY
        company.save(update_fields=["state"])
    forget_hosts()
    return company


def migrate(company) -> None:
    """Bring a company's schema up to this code's migrations and remember that it is."""
    call_command("migrate_schemas", schema_name=company.schema_name, verbosity=0, interactive=False)
    company.migrated_to = expected()
    company.save(update_fields=["migrated_to"])


def suspend(company) -> None:
    """Close a company to everybody; what is due for it waits."""
    _be(company, Company.State.SUSPENDED)


def resume(company) -> None:
    """Open a suspended company again."""
    _be(company, Company.State.READY)


def _be(company, state):
    with outside():
        company.state = state
        company.save(update_fields=["state"])
    forget_hosts()


def _check(company, domain, features, admin_email):
    slug, base = company.slug, settings.BASE_DOMAIN
    if slug in RESERVED or slug.startswith("pg-") or not SHORT_NAME.fullmatch(slug):
        raise ValidationError(_("“%s” cannot be a company's short name. Choose 3 to 31 lower-case letters.") % slug)
    if not HOST_NAME.fullmatch(domain) or len(domain) > 253:
        raise ValidationError(_("“%s” is not a host name. Give it in lower case, without a port.") % domain)
    if domain in {base, *(f"{name}.{base}" for name in RESERVED)}:
        raise ValidationError(_("“%s” is kept for Velory itself.") % domain)
    for feature in features:
        if feature not in INCLUDED:
            raise ValidationError(_("There is no feature “%s”.") % feature)
    if admin_email:
        validate_email(admin_email.strip())
    _check_facts(company)
    if Domain.objects.filter(domain=domain).exclude(tenant__slug=slug).exists():
        raise ValidationError(_("“%s” already belongs to another company.") % domain)
    if Company.objects.filter(slug=slug).exclude(state=Company.State.OPENING).exists():
        raise ValidationError(_("The short name “%s” is taken.") % slug)


def _check_facts(company):
    if not re.fullmatch(r"[A-Z]{2}", company.country):
        raise ValidationError(_("“%s” is not a country. Give two capital letters, such as SE.") % company.country)
    if not re.fullmatch(r"[A-Z]{3}", company.currency):
        raise ValidationError(_("“%s” is not a currency. Give three capital letters, such as SEK.") % company.currency)
    if company.language not in dict(settings.LANGUAGES):
        raise ValidationError(_("“%s” is not a language of Velory. Give sv or en.") % company.language)
    if company.plan not in Company.Plan.values:
        raise ValidationError(_("There is no plan “%s”. Give starter, standard or pro.") % company.plan)
    if not company.name.strip() or len(company.name) > 120 or not company.name.isprintable():
        raise ValidationError(_("A company's name has 1 to 120 characters."))


def _register(company, domain):
    with transaction.atomic():
        known = Company.objects.filter(slug=company.slug).first()
        if known is None:
            company.save()
        Domain.objects.get_or_create(domain=domain, defaults={"tenant": known or company, "is_primary": True})
    return known or company
