import json

from django.db import models
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders.lifecycle import ProposalLife, ProposalStatus
from velory.references import reference


def proposal_reference() -> str:
    """A proposed device's reference."""
    return reference("N")


def report_reference() -> str:
    """A report's reference."""
    return reference("Z")


class Channel(models.Model):
    """How orders reach one distributor, and how it may report back. Secrets stand here as they are sealed."""

    partner = models.OneToOneField("assets.Partner", models.CASCADE, related_name="channel")
    by_machine = models.BooleanField(_("orders go to the distributor's machine"), default=False)
    url = models.URLField(_("address of the machine"), max_length=300, blank=True)
    orders_email = models.EmailField(_("e-mail for orders"), blank=True)
    sealed_secret = models.TextField(blank=True)
    sealed_secret_before = models.TextField(blank=True)
    secret_before_until = models.DateTimeField(null=True)
    answers_within_days = models.PositiveSmallIntegerField(_("working days until a first answer"), default=3)

    class Meta:
        verbose_name = _("channel")
        constraints = [
            models.CheckConstraint(condition=models.Q(by_machine=False) | ~models.Q(url=""), name="channel_has_address")
        ]

    def __str__(self):
        return str(self.partner)


class ReportQuerySet(models.QuerySet):
    """What one can say of reports."""

    def needing_attention(self):
        """Those in which something was not understood, or came too late, and nobody has looked."""
        return self.filter(outcome=Report.Outcome.ATTENTION, settled_at=None)


class Report(models.Model):
    """One message of a distributor, kept as it came, and what was made of it. Moments are UTC.

    `sequence` counts the sender's messages about one order; `said` names what was applied, ignored or not understood.
    """

    class Way(models.TextChoices):
        PAGE = "page", _("On the order's page")
        FEED = "feed", _("By machine")
        ADMIN = "admin", _("Recorded by an admin")

    class Outcome(models.TextChoices):
        APPLIED = "applied", pgettext_lazy("report", "Applied")
        WAITING = "waiting", pgettext_lazy("report", "Waits for an earlier one")
        IGNORED = "ignored", pgettext_lazy("report", "Late, ignored")
        ATTENTION = "attention", pgettext_lazy("report", "Needs attention")

    ref = models.CharField(max_length=12, unique=True, default=report_reference, editable=False)
    distributor = models.ForeignKey("assets.Partner", models.PROTECT, related_name="reports")
    order = models.ForeignKey("orders.Order", models.PROTECT, null=True, related_name="reports")
    way = models.CharField(max_length=5, choices=Way)
    message_id = models.CharField(max_length=100)
    sequence = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=64)
    body = models.JSONField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    said = models.JSONField(default=list)
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of a distributor")
        indexes = [models.Index(fields=["order", "sequence"], name="report_of_order")]
        constraints = [
            models.UniqueConstraint(fields=["distributor", "message_id"], name="report_message_once"),
        ]

    def __str__(self):
        return self.message_id

    @property
    def as_it_came(self) -> str:
        """The message for a reader."""
        return json.dumps(self.body, ensure_ascii=False, indent=1)[:20_000]


class ProposedDevice(ProposalLife):
    """A device that a distributor delivered or added without an order line: an admin accepts or declines it."""

    ref = models.CharField(max_length=12, unique=True, default=proposal_reference, editable=False)
    distributor = models.ForeignKey("assets.Partner", models.PROTECT, related_name="proposals")
    order = models.ForeignKey("orders.Order", models.PROTECT, null=True, related_name="proposals")
    report = models.ForeignKey(Report, models.PROTECT, related_name="proposals")
    name = models.CharField(_("product"), max_length=120, blank=True)
    article_number = models.CharField(max_length=60, blank=True)
    serial = models.CharField(_("serial number"), max_length=60, blank=True)
    imei = models.CharField(_("IMEI"), max_length=15, blank=True)
    device = models.OneToOneField("assets.Device", models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("proposed device")
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=ProposalStatus.values), name="proposal_status_known"),
            models.UniqueConstraint(
                Upper("serial"), "distributor", condition=models.Q(status="proposed") & ~models.Q(serial=""),
                name="proposal_open_once",
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name or self.serial or self.ref

    def get_absolute_url(self):
        return reverse("orders:proposal", args=[self.ref])
