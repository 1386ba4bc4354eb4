from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from velory.references import partner_reference


class PartnerQuerySet(models.QuerySet):
    """What one can say of partners."""

    def distributing(self):
        """Distributors, by name."""
        return self.filter(distributes=True).order_by("name")

    def leasing(self):
        """Leasing providers, by name."""
        return self.filter(leases=True).order_by("name")

    def with_devices_counted(self):
        """By name, each with how many devices in the house came from it or are leased from it."""
        from assets.lifecycle import EDITABLE

        house = models.Q(devices__status__in=EDITABLE)
        leased = models.Q(contracts__closed_on=None, contracts__device__status__in=EDITABLE)
        return self.order_by("name").annotate(
            delivered=models.Count("devices", filter=house, distinct=True),
            leased_out=models.Count("contracts", filter=leased, distinct=True),
        )


class Partner(models.Model):
    """A distributor, a leasing provider, or both. Not integrated means: outside the store, as Atea and Elisa are."""

    ref = models.CharField(max_length=12, unique=True, default=partner_reference, editable=False)
    name = models.CharField(_("name"), max_length=80)
    distributes = models.BooleanField(_("distributor"), default=True)
    leases = models.BooleanField(_("leasing provider"), default=False)
    integrated = models.BooleanField(_("integrated with the store"), default=False)
    email = models.EmailField(_("e-mail for notices"), blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=[("sv", "Svenska"), ("en", "English")], default="en"
    )
    support_email = models.EmailField(_("support e-mail"), blank=True)
    support_phone = models.CharField(_("support phone"), max_length=40, blank=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="partner_name_once")]
        verbose_name = _("partner")

    def __str__(self):
        return self.name
