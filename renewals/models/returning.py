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

    def of_any(self, devices):
        """The returns of some devices."""
        return self.filter(device__in=devices)

    def of_those_who_have(self, devices):
        """Of devices whose holder or space has one of some devices too."""
        holders, spaces = ({getattr(device, name) for device in devices} - {None} for name in ("holder_id", "space_id"))
        return self.filter(models.Q(device__holder__in=holders) | models.Q(device__space__in=spaces))

    def under_way(self):
        """Open, and the device has not come back yet."""
        return self.open().filter(received_at=None)

    def awaiting_the_replacement(self):
        """Under way, and its holder has not been told to send it."""
        return self.under_way().filter(time_to_return_at=None)

    def time_to_return(self):
        """Under way, and it is time to send it."""
        return self.under_way().exclude(time_to_return_at=None)

    def leased(self):
        """Back to a leasing provider, known or not."""
        leased = models.Q(device__contract__isnull=False, device__contract__closed_on=None)
        return self.filter(models.Q(provider__isnull=False) | leased)

    def without_label(self):
        """Leased, under way, and no return label has come."""
        return self.under_way().leased().filter(label="")

    def chosen_by(self, moment):
        """Chosen at a moment or before it."""
        return self.filter(chosen_at__lte=moment)

    def with_label(self):
        """Whose return label has come."""
        return self.exclude(label="")

    def in_hand_of(self, person):
        """Returns whose label a person may read: admins all, others those of their own devices."""
        return self if person.is_admin else self.open().filter(device__holder=person)

    def matching(self, q: str):
        """Returns of the devices that a search finds."""
        from assets.models import Device

        return self.filter(device__in=Device.objects.matching(q)) if q else self

    def with_what_a_page_shows(self):
        """For pages and letters: without a further query each."""
        return self.select_related(
            "provider", "replacement__category", "device__category", "device__contract__provider",
            "device__distributor", "device__holder__location", "device__space__location",
        )  # fmt: skip


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

    @property
    def is_leased(self) -> bool:
        """Whether it goes back to a leasing provider; else to the company itself."""
        return self.provider_id is not None or self.device.is_leased

    @property
    def waits_for_nothing(self) -> bool:
        """Whether it goes back though nothing new came: nobody has it, its holder leaves, or it was asked back."""
        return self.time_to_return_at is not None and self.replacement_id is None

    @property
    def is_under_way(self) -> bool:
        """Whether it is still to come back."""
        return self.closed_at is None and self.received_at is None
