from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class SpaceQuerySet(models.QuerySet):
    """What one can say of spaces."""

    def with_devices_counted(self):
        """By name, each with how many devices stand there."""
        return self.select_related("location").order_by("name").annotate(has=models.Count("devices"))


class Space(models.Model):
    """A room or a pool that has devices in a person's stead."""

    name = models.CharField(_("name"), max_length=80)
    location = models.ForeignKey("people.Location", models.PROTECT, null=True, blank=True, verbose_name=_("location"))

    objects = SpaceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="space_name_once")]
        verbose_name = _("space")

    def __str__(self):
        return self.name
