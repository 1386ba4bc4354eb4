from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from velory.payments.models.attempt import Attempt


class ComparisonQuerySet(models.QuerySet):
    """What one can say of comparisons."""

    def newest_first(self):
        """For pages."""
        return self.order_by("-made_at", "-pk")

    def with_counts(self):
        """Adds `found` and `unexplained`: findings in all, and those that nobody has explained."""
        return self.annotate(
            found=models.Count("findings"),
            unexplained=models.Count("findings", filter=models.Q(findings__explained_at=None)),
        )


class Comparison(models.Model):
    """One night's comparison with Stripe: an account, a span of time, and what did not agree (R17)."""

    account = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    since = models.DateTimeField()
    until = models.DateTimeField()
    made_at = models.DateTimeField()
    compared = models.PositiveIntegerField(default=0)
    fault = models.CharField(max_length=200, blank=True)

    objects = ComparisonQuerySet.as_manager()

    class Meta:
        verbose_name = _("comparison with Stripe")
        constraints = [models.UniqueConstraint(fields=["account", "until"], name="comparison_once")]

    def __str__(self):
        return f"{self.name}: {self.until:%Y-%m-%d}"


class FindingQuerySet(models.QuerySet):
    """What one can say of findings."""

    def unexplained(self):
        """Those that nobody has explained."""
        return self.filter(explained_at=None)

    needing_attention = unexplained


class Finding(models.Model):
    """One thing that a comparison found: known to one side only, or with different amounts. Kept until explained."""

    class Kind(models.TextChoices):
        OURS_ONLY = "ours_only", pgettext_lazy("comparison", "Stripe does not know it")
        THEIRS_ONLY = "theirs_only", pgettext_lazy("comparison", "Known to Stripe only")
        DIFFERS = "differs", pgettext_lazy("comparison", "The amounts differ")

    comparison = models.ForeignKey(Comparison, models.PROTECT, related_name="findings")
    kind = models.CharField(max_length=12, choices=Kind)
    what = models.CharField(max_length=14)
    provider_id = models.CharField(max_length=120)
    attempt = models.ForeignKey(Attempt, models.PROTECT, null=True, related_name="findings")
    ours_minor = models.BigIntegerField(null=True)
    theirs_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    explained_at = models.DateTimeField(null=True)
    explained_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    explanation = models.CharField(_("explanation"), max_length=300, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("comparison", "finding")
        constraints = [models.UniqueConstraint(fields=["kind", "what", "provider_id"], name="finding_once")]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.provider_id}"

    @property
    def ours(self):
        """Our amount in the currency's own unit, or None."""
        return self._in_words(self.ours_minor)

    @property
    def theirs(self):
        """Stripe's amount in the currency's own unit, or None."""
        return self._in_words(self.theirs_minor)

    def _in_words(self, minor):
        from velory.payments.currencies import from_minor

        return None if minor is None else from_minor(minor, self.currency)
