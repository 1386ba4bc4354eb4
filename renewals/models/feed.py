import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def feed_secret() -> str:
    """192 random bits: whoever has the address may read."""
    return secrets.token_urlsafe(24)


class CalendarFeed(models.Model):
    """An address at which a calendar program reads renewal dates: a person's own, or for an admin the company's."""

    class Scope(models.TextChoices):
        OWN = "own", _("My devices")
        COMPANY = "company", _("All devices of the company")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feeds")
    scope = models.CharField(max_length=10, choices=Scope)
    secret = models.CharField(max_length=40, unique=True, default=feed_secret)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("calendar feed")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "scope"], condition=models.Q(revoked_at=None), name="feed_open_once"
            )
        ]

    def __str__(self):
        return f"{self.person}: {self.get_scope_display()}"
