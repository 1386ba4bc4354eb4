"""The list of companies: one query, however many there are, from what stands in `public`."""

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from velory.agenda.models import Due
from velory.tenancy.fingerprint import expected
from velory.tenancy.models import Company, Domain
from velory.tenancy.plans import FEATURES, in_force

SORTS = {
    "name": "name",
    "host": "primary_host",
    "plan": "plan",
    "people": "people",
    "devices": "devices",
    "active": "active_at",
    "opened": "opened_at",
}
HEALTH = [("trouble", _("Needs attention")), ("well", _("Well"))]


def companies():
    """Every company with its host, its figures and what is parked; what a list shows, in one query."""
    host = Domain.objects.primary_of(OuterRef("pk")).values("domain")[:1]
    parked = (
        Due.objects.filter(company=OuterRef("pk")).exclude(parked_at=None).order_by()
        .values("company").annotate(n=Count("pk")).values("n")
    )  # fmt: skip
    return Company.objects.select_related("figures").annotate(
        primary_host=Subquery(host),
        parked=Coalesce(Subquery(parked, output_field=models.IntegerField()), 0),
        people=Coalesce(F("figures__people"), 0),
        devices=Coalesce(F("figures__devices"), 0),
        active_at=F("figures__last_active_at"),
    )


def matching(rows, words: str):
    """Those whose name, short name or any host holds some words."""
    if not words:
        return rows
    hosts = Domain.objects.containing(words).companies()
    return rows.filter(Q(name__icontains=words) | Q(slug__icontains=words) | Q(pk__in=hosts))


def narrowed(rows, *, plans=(), states=(), health=()):
    """Those of some plans, in some states, and well or not."""
    rows = rows.filter(plan__in=plans) if plans else rows
    rows = rows.filter(state__in=states) if states else rows
    if set(health) == {"trouble"}:
        return rows.filter(trouble())
    return rows.exclude(trouble()) if set(health) == {"well"} else rows


def trouble():
    """What makes a company need somebody: parked work, letters that fail, payments that wait, missing migrations."""
    has_schema = Q(state__in=[Company.State.READY, Company.State.SUSPENDED])
    return (
        Q(parked__gt=0)
        | Q(figures__letters_failing__gt=0, figures__isnull=False)
        | Q(figures__payments_waiting__gt=0, figures__isnull=False)
        | (has_schema & ~Q(migrated_to=expected()))
    )


def in_list(company) -> dict:
    """What the list says of one company besides its row: its features in force, and what is not well."""
    return {
        "company": company,
        "features": [FEATURES[code].name for code in in_force(company.features, company.plan)],
        "figures": getattr(company, "figures", None),
    }
