from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from velory.payments.models.attempt import Attempt


class Look(models.Model):
    """An admin has looked at a matter and says what came of it; from then on it no longer waits. Never changed.

    `key` is what exactly was looked at: a payment's own reference, or Stripe's id of a dispute. A refund that failed
    and a finding of a comparison carry the same facts in rows of their own.
    """

    class Matter(models.TextChoices):
        MISMATCH = "mismatch", pgettext_lazy("payment", "Does not match")
        DISPUTE = "dispute", pgettext_lazy("money", "Disputed by the payer’s bank")

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="looks")
    matter = models.CharField(max_length=10, choices=Matter)
    key = models.CharField(max_length=120)
    note = models.CharField(_("note"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = pgettext_lazy("payment", "look")
        constraints = [models.UniqueConstraint(fields=["matter", "key"], name="look_once")]

    def __str__(self):
        return f"{self.get_matter_display()}: {self.key}"
