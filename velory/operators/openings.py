"""Opening a company from the console or the sign-up page: asked for, confirmed, made in the background.

What is asked for is an `Opening`; the company's row and host are taken in the transaction that puts the work on the
operators' agenda, so that nobody else can have them. The work may be cut off anywhere and goes on where it stopped.
"""

import secrets
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from velory.agenda import book
from velory.operators.deeds import Hand, note
from velory.operators.models import Opening
from velory.sealing import digest
from velory.tenancy.context import inside, outside
from velory.tenancy.models import OPERATORS, Company, Domain
from velory.tenancy.opening import a_company, bring_up, check

OPENING = "operators.open"
HOURS = 24  # for so long the link in the mail holds


def sign_up_is_on() -> bool:
    """Whether this installation lets anybody open a company: it allows it, and its operators can write letters."""
    return settings.ENV.velory_sign_up != "off" and Company.objects.servable().operators().exists()


def own_host(slug: str) -> str:
    """The host that a company of that short name has."""
    return f"{slug}.{settings.BASE_DOMAIN}"


def why_not(opening: Opening) -> ValidationError | None:
    """Why a company cannot be opened so, by field; None where it can."""
    try:
        if opening.slug == OPERATORS:
            raise ValidationError({"slug": taken(opening.slug)})
        check(_company_of(opening), opening.domain, opening.admin_email)
        if Company.objects.filter(slug=opening.slug).exists():  # half-open, by command or for somebody else
            raise ValidationError({"slug": taken(opening.slug)})
    except ValidationError as wrong:
        return wrong
    return None


def taken(slug: str) -> str:
    """That somebody has the short name."""
    return _("The short name “%s” is taken.") % slug


# Asked for


def ask_to_open(opening: Opening, *, by, at: datetime) -> Opening:
    """An operator asks: the company is made at once, in the background. Raises ValidationError by field."""
    opening.by_ref, opening.by_name, opening.asked_at = by.ref, str(by)[:200], at
    return _begin(opening, at)


def ask_by_mail(opening: Opening, *, at: datetime) -> str:
    """Somebody on the sign-up page asks: nothing is made before the link is followed; returns the link's secret."""
    raw = secrets.token_urlsafe(32)
    opening.token, opening.asked_at, opening.expires_at = digest(raw), at, at + timedelta(hours=HOURS)
    opening.save()
    return raw


def waiting_behind(raw: str, *, at: datetime) -> Opening | None:
    """The opening that a link confirms now, or has confirmed; None where it is unknown or too old."""
    return Opening.objects.filter(token=digest(raw)).exclude(state=Opening.State.ASKED, expires_at__lte=at).first()


def confirm(opening: Opening, *, at: datetime) -> Opening:
    """The link was followed and the button pressed. Pressed twice, or by two at once, it is the same. Raises
    ValidationError where the name was given to somebody else meanwhile."""
    if opening.state != Opening.State.ASKED:
        return opening
    try:
        return _begin(opening, at)
    except ValidationError:
        now = Opening.objects.select_related("company").get(pk=opening.pk)
        if now.state == Opening.State.ASKED:
            raise
        return now


def _begin(opening, at):
    """Take the name and the host, and put the work on the operators' agenda: all or nothing."""
    with outside():
        operators = Company.objects.operators().get()
        if wrong := why_not(opening):
            raise wrong
    try:
        with inside(operators), transaction.atomic():
            if opening.pk:
                now = Opening.objects.select_for_update().get(pk=opening.pk)
                if now.state != Opening.State.ASKED:
                    return now
            opening.company = _company_of(opening)
            opening.company.save()
            Domain.objects.give(opening.company, opening.domain, is_primary=True)
            opening.state = Opening.State.WAITING
            opening.save()
            book.put(OPENING, opening.ref, at)
    except IntegrityError:  # somebody was quicker
        raise ValidationError({"slug": taken(opening.slug)}) from None
    return opening


def _company_of(opening):
    return a_company(
        opening.name, slug=opening.slug, country=opening.country, language=opening.language,
        currency=opening.currency, plan=opening.plan, features=opening.features, time_zone=opening.time_zone,
    )  # fmt: skip


# Made


@book.does(OPENING, apart=True, label=gettext_lazy("Opening a company"))
def open_it(ref: str, at: datetime) -> None:
    """Make the company, or go on where it stopped. A fault is shown on its page, and tried again by the agenda."""
    opening = Opening.objects.under_way().select_related("company").filter(ref=ref).first()
    if opening is None:
        return
    _move(opening, Opening.State.MAKING)
    try:
        if opening.company.state == Company.State.OPENING:
            bring_up(opening.company, opening.admin_email)
    except Exception as fault:
        _move(opening, Opening.State.FAILED, fault=type(fault).__name__[:200])
        raise
    with transaction.atomic():
        _move(opening, Opening.State.READY, fault="", ready_at=at, admin_email="")
        note(opening.company, "open" if opening.by_ref else "sign_up", by=asked_by(opening), at=at)


def asked_by(opening) -> Hand | None:
    """The operator who asked; nobody where it came from the sign-up page."""
    return Hand(opening.by_ref, opening.by_name) if opening.by_ref else None


def _move(opening, state, **facts):
    facts["state"] = opening.state = state
    Opening.objects.filter(pk=opening.pk).update(**facts)


# How far it is


def percent_done(opening: Opening) -> int:
    """How far the making is: the share of the migrations that stand in the new schema."""
    if opening.state == Opening.State.READY:
        return 100
    if opening.company is None:
        return 0
    table = f'"{opening.company.schema_name}".django_migrations'
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [table])
        if cursor.fetchone()[0] is None:
            return 2
        cursor.execute(f"SELECT count(*) FROM {table}")
        return min(97, 2 + 95 * cursor.fetchone()[0] // migrations_in_all())


@cache
def migrations_in_all() -> int:
    """How many migrations there are. Reads files, not the database."""
    return len(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
