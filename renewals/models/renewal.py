from django.db import models
from django.utils.translation import gettext_lazy as _

from renewals.models.terms import Terms
from renewals.paths import Path


class Choice(models.TextChoices):
    """What a holder can say about a device at the end of its time."""

    BUY_OUT = "buy_out", _("Buy out")
    RETURN = "return", _("Return")
    KEEP = "keep", _("Keep")


class RenewalQuerySet(models.QuerySet):
    """What one can say of renewals."""

    def of(self, device):
        """The renewal of a device at its present renewal date: one row or none."""
        return self.filter(device=device, renewal_on=device.renewal_on)

    def at(self, device, renewal_on):
        """The renewal of a device at a renewal date that may no longer be its own: one row or none."""
        return self.filter(device=device, renewal_on=renewal_on)

    def with_a_preliminary_choice(self):
        """Those whose present holder has said what they would rather do."""
        return self.exclude(preliminary="")

    def decided(self):
        """Those with a final choice."""
        return self.exclude(final="")


class Renewal(Terms):
    """One device at one renewal date, from its first open stage on: the terms as they were then, and what was chosen.

    `depreciation_months` and `floor_percent` are the category's on that day; dates are local, moments UTC.
    """

    device = models.ForeignKey("assets.Device", models.PROTECT, related_name="renewals")
    renewal_on = models.DateField(_("renewal date"))
    path = models.CharField(_("path"), max_length=10, choices=Path)
    opened_at = models.DateTimeField()
    depreciation_months = models.PositiveSmallIntegerField(null=True)
    floor_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    preliminary = models.CharField(_("preliminary choice"), max_length=10, choices=Choice, blank=True)
    preliminary_at = models.DateTimeField(null=True)
    final = models.CharField(_("final choice"), max_length=10, choices=Choice, blank=True)
    final_at = models.DateTimeField(null=True)

    objects = RenewalQuerySet.as_manager()

    class Meta:
        verbose_name = _("renewal")
        constraints = [
            models.UniqueConstraint(fields=["device", "renewal_on"], name="renewal_once"),
            models.CheckConstraint(
                condition=models.Q(final="") | models.Q(final_at__isnull=False), name="renewal_final_has_moment"
            ),
        ]

    def __str__(self):
        return f"{self.device}: {self.renewal_on}"

    # What was chosen; the caller holds the device

    def prefer(self, choice, *, at):
        """The holder would rather do this; it binds nobody."""
        self.preliminary, self.preliminary_at = choice, at
        self.save(update_fields=["preliminary", "preliminary_at"])

    def decide(self, choice, *, at):
        """It is chosen for good."""
        self.final, self.final_at = choice, at
        self.save(update_fields=["final", "final_at"])

    def reopen(self):
        """Nothing is chosen after all: it came back from where the choice had led, or to somebody else."""
        self.preliminary = self.final = ""
        self.preliminary_at = self.final_at = None
        self.save(update_fields=["preliminary", "preliminary_at", "final", "final_at"])

    def forget_preference(self):
        """Whoever has the device now has not said anything yet."""
        self.preliminary, self.preliminary_at = "", None
        self.save(update_fields=["preliminary", "preliminary_at"])
