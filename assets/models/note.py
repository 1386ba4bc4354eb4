from django.db import models
from django.utils.translation import gettext_lazy as _


class NoteQuerySet(models.QuerySet):
    """What one can say of notes."""

    def readable_by(self, person):
        """Admins read every note, others those that are not the admins' own."""
        return self if person.is_admin else self.filter(admin_only=False)

    def newest_first(self):
        """For pages: the latest first."""
        return self.order_by("-at", "-pk")


class Note(models.Model):
    """A signed and dated remark on a device by an admin or its holder; admins may keep one to themselves."""

    device = models.ForeignKey("assets.Device", models.CASCADE, related_name="notes")
    by_ref = models.CharField(max_length=12, blank=True)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    text = models.TextField(_("note"), max_length=4000)
    admin_only = models.BooleanField(_("only admins see it"), default=False)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")

    def __str__(self):
        return self.text[:60]
