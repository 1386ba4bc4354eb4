import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from velory.references import reference

MOST_PHOTOS = 5


def photo_reference() -> str:
    """A photo's reference; what it shows never changes under it."""
    return reference("I")


def photo_path(photo, _name) -> str:
    """Where a photo lies: under a random name, never the one that somebody typed."""
    return f"faults/{secrets.token_hex(16)}.webp"


class Photo(models.Model):
    """A photo of a fault as we wrote it ourselves, large and small; never the bytes that were sent."""

    ref = models.CharField(max_length=12, unique=True, default=photo_reference, editable=False)
    case = models.ForeignKey("repairs.Case", models.CASCADE, related_name="photos")
    large = models.FileField(upload_to=photo_path)
    small = models.FileField(upload_to=photo_path)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("photo")

    def __str__(self):
        return self.ref
