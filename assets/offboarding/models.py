"""That somebody leaves, and what is to become of each of their devices."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assets.lifecycle import ARCHIVED, Status
from velory.folding import words_of
from velory.one_row import OneRow

SOON = timedelta(days=60)  # whoever leaves later has time: they stand in the list, and nothing is asked yet
NO_LONGER_THEIRS = (*ARCHIVED, Status.RETURNED)


class OffboardingQuerySet(models.QuerySet):
    """What one can say of people who leave or have left."""

    def under_way(self):
        """Not called off: the person leaves, or has left and is not back."""
        return self.filter(ended_at=None)

    def of(self, person):
        """One person's."""
        return self.filter(person=person)

    def of_people(self, people):
        """Those of some people."""
        return self.filter(person__in=people)

    def counted(self):
        """With `open_devices`: how many the person still has that have neither gone back nor become their own."""
        from assets.models.device import Device

        theirs = Device.objects.filter(holder=OuterRef("person")).exclude(status__in=NO_LONGER_THEIRS)
        counts = theirs.order_by().values("holder").annotate(n=Count("pk")).values("n")
        return self.annotate(open_devices=Coalesce(Subquery(counts), 0))

    def to_settle(self, today):
        """Who leaves soon or has left, and still has devices."""
        return self.under_way().counted().filter(last_day_on__lte=today + SOON, open_devices__gt=0)

    def later(self, today):
        """Whose last day is further off."""
        return self.under_way().counted().filter(last_day_on__gt=today + SOON)

    def settled(self, today):
        """Who leaves soon or has left, and has nothing left."""
        return self.under_way().counted().filter(last_day_on__lte=today + SOON, open_devices=0)

    def over(self, today):
        """Whose last day has passed."""
        return self.filter(last_day_on__lt=today)

    def to_be_reminded(self, until):
        """Told by letter, and reminded on a local date to come, up to another."""
        return self.under_way().filter(told_at__isnull=False, remind_on__isnull=False, remind_on__lte=until)

    def matching(self, words: str):
        """Those of people who are called so."""
        found = self
        for word in words_of(words):
            found = found.filter(person__search__contains=word)
        return found

    def with_what_a_list_shows(self):
        """For pages: a row is shown without a further query."""
        return self.select_related("person__location", "person__team")


class Offboarding(models.Model):
    """Somebody leaves: opened when a last day is set, ended when it is removed or they are back. Dates are local.

    Which devices it is about is never stored: they are those that the person has, or has had since it was opened.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="offboardings")
    last_day_on = models.DateField(_("last day"))
    opened_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    remind_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = OffboardingQuerySet.as_manager()

    class Meta:
        verbose_name = _("offboarding")
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(ended_at=None), name="offboarding_under_way_once"
            )
        ]
        indexes = [models.Index(fields=["ended_at", "last_day_on"], name="offboarding_day")]

    def __str__(self):
        return str(self.person)

    def get_absolute_url(self):
        """The admins' page of it."""
        return reverse("offboarding:leaver", args=[self.person.ref])

    def is_over(self, today) -> bool:
        """Whether the last day has passed."""
        return self.last_day_on < today


class PlanQuerySet(models.QuerySet):
    """What one can say of plans."""

    def of(self, device):
        """Those about a device, of whoever leaves now."""
        return self.filter(device=device, offboarding__ended_at=None, offboarding__person=device.holder_id)


class Plan(models.Model):
    """What is to become of one device of somebody who leaves: what was said, by whom, and what is offered early.

    Nothing is done by it: buying out, returning and handing in are steps of the device itself.
    """

    class Way(models.TextChoices):
        BUY_OUT = "buy_out", pgettext_lazy("offboarding", "Buy out")
        RETURN = "return", pgettext_lazy("offboarding", "Return")
        STAYS = "stays", pgettext_lazy("offboarding", "Stays with the company")

    offboarding = models.ForeignKey(Offboarding, models.CASCADE, related_name="plans")
    device = models.ForeignKey("assets.Device", models.PROTECT, related_name="plans")
    way = models.CharField(max_length=10, choices=Way, blank=True)
    by_admin = models.BooleanField(default=False)
    by_name = models.CharField(max_length=200, blank=True)
    said_at = models.DateTimeField()
    early_buyout = models.BooleanField(default=False)
    early_return = models.BooleanField(default=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("offboarding", "plan")
        constraints = [models.UniqueConstraint(fields=["offboarding", "device"], name="plan_device_once")]

    def __str__(self):
        return f"{self.device}: {self.get_way_display() or '–'}"


class OffboardingSettings(OneRow):
    """How this company parts from people: one row."""

    write = models.BooleanField(_("write to people who leave"), default=True)
    remind = models.BooleanField(_("remind them a week before"), default=True)
    leaver_chooses = models.BooleanField(_("people who leave choose themselves"), default=True)

    class Meta:
        verbose_name = _("offboarding settings")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="offboarding_settings_one_row")]
