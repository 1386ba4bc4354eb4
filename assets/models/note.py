from django.db import models
from django.utils.translation import gettext_lazy as _


class Note(models.Model):
    """A signed and dated remark on a device by an admin or its holder; admins may keep one to themselves."""

    device = models.ForeignKey("assets.Device", models.CASCADE, related_name="notes")
    by_ref = models.CharField(max_length=12, blank=True)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    text = models.TextField(_("note"), max_length=4000)
    admin_only = models.BooleanField(_("only admins see it"), default=False)

    class Meta:
        verbose_name = _("note")

    def __str__(self):
        return self.text[:60]
