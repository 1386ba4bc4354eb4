import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _


def return_reference() -> str:
    """What a return is called where nobody reads it aloud."""
    return secrets.token_hex(8)


def label_path(returning, name) -> str:
    """Where a return label is kept: under a random name."""
    return f"labels/{secrets.token_hex(16)}.pdf"


class ReturnQuerySet(models.QuerySet):
    """What one can say of returns."""

    def open(self):
        """Chosen, and neither finished nor called off."""
        return self.filter(closed_at=None)

    def of(self, device):
        """The returns of a device."""
        return self.filter(device=device)


class Return(models.Model):
    """One device on its way back, from the holder's choice to the confirmation: label, replacement, reminders.

    Moments are UTC. `provider` is the leasing provider; none where the company itself takes it back.
    """

    ref = models.CharField(max_length=16, unique=True, default=return_reference, editable=False)
    device = models.ForeignKey("assets.Device", models.PROTECT, related_name="returns")
    provider = models.ForeignKey("assets.Partner", models.PROTECT, null=True, related_name="returns")
    chosen_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    label = models.FileField(_("return label"), upload_to=label_path, blank=True)
    label_name = models.CharField(max_length=120, blank=True)
    label_at = models.DateTimeField(null=True)
    replacement = models.ForeignKey("assets.Device", models.SET_NULL, null=True, related_name="replaces")
    time_to_return_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        verbose_name = _("return")
        constraints = [
            models.UniqueConstraint(fields=["device"], condition=models.Q(closed_at=None), name="return_open_once")
        ]

    def __str__(self):
        return str(self.device)
