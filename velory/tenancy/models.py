"""The companies on this installation and the hosts at which they are found. Platform tables, in `public`."""

import re
import uuid

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from velory.tenancy.fingerprint import expected

OPERATORS = "ops"  # the short name of the company whose admins operate this installation
RESERVED = {
    "www", "api", "admin", "public", "static", "media", "mail", "hooks", "status", "help", "app", "localhost", "new",
}  # fmt: skip
SHORT_NAME = re.compile(r"\A[a-z][a-z0-9-]{2,30}\Z")


class CompanyQuerySet(models.QuerySet):
    """What one can say of companies."""

    def operators(self):
        """The operators' own company, if it has been opened."""
        return self.filter(slug=OPERATORS)

    def customers(self):
        """Every company but the operators' own."""
        return self.exclude(slug=OPERATORS)

    def servable(self):
        """Ready, and with every migration that this code expects."""
        return self.filter(state=Company.State.READY, migrated_to=expected())

    def behind(self):
        """With a schema that lacks migrations of this code."""
        has_schema = [Company.State.READY, Company.State.SUSPENDED]
        return self.filter(state__in=has_schema).exclude(migrated_to=expected())


class Company(TenantMixin):
    """One company with a schema of its own. What it owns lives there; here stands only how to find and serve it."""

    class State(models.TextChoices):
        OPENING = "opening", _("Opening")
        READY = "ready", _("Ready")
        SUSPENDED = "suspended", _("Suspended")
        ERASING = "erasing", _("Erasing")

    class Plan(models.TextChoices):
        STARTER = "starter", "Starter"
        STANDARD = "standard", "Standard"
        PRO = "pro", "Pro"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.CharField(
        max_length=31,
        unique=True,
        validators=[RegexValidator(r"\A[a-z][a-z0-9-]{2,30}\Z", _("Lower-case letters, digits and hyphens, 3 to 31."))],
    )
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2, default="SE")
    language = models.CharField(max_length=2, default="sv", choices=[("sv", "Svenska"), ("en", "English")])
    currency = models.CharField(max_length=3, default="SEK")
    time_zone = models.CharField(max_length=40, default="Europe/Stockholm")
    plan = models.CharField(max_length=10, choices=Plan, default=Plan.STANDARD)
    features = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPENING)
    opened_at = models.DateTimeField()
    suspended_at = models.DateTimeField(null=True, editable=False)
    suspended_because = models.TextField(blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)  # rises with each change that an operator makes
    migrated_to = models.CharField(max_length=64, blank=True)

    objects = CompanyQuerySet.as_manager()

    auto_create_schema = False
    auto_drop_schema = False

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        """Written from `public` or from the operators' company, in one transaction with what they did there.

        The library's own way refuses that, since it would make or drop schemas; here nothing of the kind hangs on it.
        """
        super(TenantMixin, self).save(*args, **kwargs)

    @property
    def is_operators(self) -> bool:
        """Whether this is the operators' own company, at whose host the console stands."""
        return self.slug == OPERATORS

    @property
    def has_schema(self) -> bool:
        """Whether its tables stand in a schema: open, or suspended."""
        return self.state in {self.State.READY, self.State.SUSPENDED}

    @property
    def is_up_to_date(self) -> bool:
        """Whether its tables are there and have every migration of this code, so that somebody can look into them."""
        return self.has_schema and self.migrated_to == expected()

    @property
    def is_behind(self) -> bool:
        """Whether its tables lack migrations of this code: it is closed until `migrate_companies` has run."""
        return self.has_schema and self.migrated_to != expected()

    @property
    def is_servable(self) -> bool:
        """Whether its people can be let in: open, and with every migration of this code."""
        return self.state == self.State.READY and self.is_up_to_date

    @cached_property
    def host(self) -> str:
        """The primary host, from the stored domain: the only source of addresses in letters (R63)."""
        return self.domains.get(is_primary=True).domain

    def has(self, feature: str) -> bool:
        """Whether a feature behind a plan and a flag is on for this company."""
        from velory.tenancy.plans import included

        return feature in self.features and included(feature, self.plan)

    def address(self, path: str = "/") -> str:
        """An absolute URL on the company's own host."""
        return address_at(self.host, path)


class DomainQuerySet(models.QuerySet):
    """What one can say of hosts."""

    def primary_of(self, company):
        """The host to which a company's letters lead."""
        return self.filter(tenant=company, is_primary=True)

    def containing(self, words):
        """Hosts that hold some words."""
        return self.filter(domain__icontains=words)

    def companies(self):
        """Whose they are."""
        return self.values("tenant")

    def give(self, company, host, *, is_primary=False):
        """Another host for a company. IntegrityError where it is somebody's."""
        return self.create(domain=host, tenant=company, is_primary=is_primary)


class Domain(DomainMixin):
    """A host name, lower-case, without port, at which a company is found."""

    objects = DomainQuerySet.as_manager()

    def __str__(self):
        return self.domain


class Blueprint(models.Model):
    """What migrations said to the database when they built a company's schema from nothing: `velory.tenancy.blueprint`.

    `drawn_from` is a digest of those migrations.
    """

    drawn_from = models.CharField(max_length=64, unique=True)
    statements = models.JSONField()

    def __str__(self):
        return self.drawn_from[:12]


def address_at(host: str, path: str = "/") -> str:
    """An absolute URL on a host of this installation."""
    port = f":{settings.ENV.velory_port}" if settings.DEMO and settings.ENV.velory_port != 80 else ""
    return f"{'https' if settings.ENV.velory_https else 'http'}://{host}{port}{path}"
