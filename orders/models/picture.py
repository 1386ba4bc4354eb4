import secrets

from django.db import models

from velory.references import reference

MOST_PICTURES = 6


def picture_reference() -> str:
    """A picture's reference; what it shows never changes under it."""
    return reference("I")


def picture_path(picture, _name) -> str:
    """Where a picture lies: under a random name, never the one that somebody typed."""
    return f"pictures/{secrets.token_hex(16)}.webp"


class Picture(models.Model):
    """A picture of a product as we wrote it ourselves, large and small; never the bytes that were sent."""

    ref = models.CharField(max_length=12, unique=True, default=picture_reference, editable=False)
    product = models.ForeignKey("orders.Product", models.CASCADE, related_name="pictures")
    position = models.PositiveSmallIntegerField(default=0)
    large = models.FileField(upload_to=picture_path)
    small = models.FileField(upload_to=picture_path)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField()

    def __str__(self):
        return self.ref
