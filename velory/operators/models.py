"""What the operators' console keeps, in `public`: what they did, how large each company is, which are being opened.

No company's data: numbers, names of features, moments. An address that somebody signed up with is forgotten as soon
as it has been written to for the last time.
"""

import secrets

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from velory.tenancy.models import Company


class OperatorDeedQuerySet(models.QuerySet):
    """What one can say of what operators did."""

    def about(self, company):
        """To one company."""
        return self.filter(company=company)

    def seen_by_the_company(self):
        """Told to the company's admins too."""
        return self.filter(concerns_company=True)

    def newest_first(self):
        """For pages: the latest first."""
        return self.order_by("-at", "-pk")


class OperatorDeed(models.Model):
    """One thing that an operator did to a company: who, when, what, before → after. Never changed, never removed.

    Whoever did it works in the operators' company, so name and reference are kept; the company's name and short name
    are too, since these rows outlive it.
    """

    company = models.ForeignKey(Company, models.SET_NULL, null=True, related_name="+")
    company_slug = models.CharField(max_length=31)
    company_name = models.CharField(max_length=120)
    deed = models.CharField(max_length=40)
    at = models.DateTimeField()
    by_ref = models.CharField(max_length=12, blank=True)
    by_name = models.CharField(max_length=200, blank=True)
    changes = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    reason = models.TextField(blank=True)
    concerns_company = models.BooleanField(default=False)

    objects = OperatorDeedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["company", "-at"], name="operator_deed_newest")]

    def __str__(self):
        return f"{self.deed} {self.company_slug}"

    @property
    def sentence(self) -> str:
        """What was done, in the reader's language."""
        from velory.operators.deeds import sentence

        return sentence(self)


class CompanyFigures(models.Model):
    """How large and how well a company is: numbers alone, counted inside it each night and after some changes."""

    company = models.OneToOneField(Company, models.CASCADE, primary_key=True, related_name="figures")
    counted_at = models.DateTimeField()
    people = models.PositiveIntegerField(default=0)
    devices = models.PositiveIntegerField(default=0)
    letters_failing = models.PositiveIntegerField(default=0)
    payments_waiting = models.PositiveIntegerField(default=0)
    last_active_at = models.DateTimeField(null=True)

    def __str__(self):
        return str(self.company_id)


def opening_reference() -> str:
    """An opening's place in addresses: it is all that a visitor has, so nobody can guess it."""
    return secrets.token_hex(16)


class OpeningQuerySet(models.QuerySet):
    """What one can say of openings."""

    def under_way(self):
        """Not yet open, and nobody has given them up."""
        return self.filter(state__in=[Opening.State.WAITING, Opening.State.MAKING, Opening.State.FAILED])

    def unconfirmed(self):
        """Asked for on the sign-up page, and the link in the mail was not followed."""
        return self.filter(state=Opening.State.ASKED)

    def over(self, at):
        """Links that no longer work."""
        return self.unconfirmed().filter(expires_at__lte=at)


class Opening(models.Model):
    """A company that is to be opened: by an operator's form, or from the sign-up page once its mail is confirmed."""

    class State(models.TextChoices):
        ASKED = "asked", _("Waiting for the confirmation")
        WAITING = "waiting", _("Waiting to be opened")
        MAKING = "making", _("Being opened")
        READY = "ready", _("Open")
        FAILED = "failed", _("Could not be opened")
        GIVEN_UP = "given_up", _("Given up")

    ref = models.CharField(max_length=32, unique=True, default=opening_reference, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    name = models.CharField(max_length=120)
    slug = models.CharField(max_length=31)
    domain = models.CharField(max_length=253)
    country = models.CharField(max_length=2)
    language = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    time_zone = models.CharField(max_length=40)
    plan = models.CharField(max_length=10)
    features = models.JSONField(default=list)
    admin_email = models.EmailField(blank=True)  # forgotten once they are invited
    token = models.CharField(max_length=64, unique=True, null=True, editable=False)  # the digest of a sign-up's link
    by_ref = models.CharField(max_length=12, blank=True)  # empty: from the sign-up page
    by_name = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True)
    company = models.ForeignKey(Company, models.SET_NULL, null=True, related_name="+")

    objects = OpeningQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[field],
                condition=models.Q(state__in=["waiting", "making", "failed"]),
                name=f"opening_one_{field}",
            )
            for field in ("slug", "domain")
        ]

    def __str__(self):
        return self.name

    @property
    def is_under_way(self) -> bool:
        """Whether something is still to come of it."""
        return self.state in {self.State.WAITING, self.State.MAKING, self.State.FAILED}
