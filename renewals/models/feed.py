import secrets

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from velory.journal.sentences import says
from velory.people.journal import PERSON, note_change
from velory.tenancy.context import current_company


def feed_secret() -> str:
    """192 random bits: whoever has the address may read."""
    return secrets.token_urlsafe(24)


class CalendarFeedQuerySet(models.QuerySet):
    """What one can say of calendar feeds."""

    def open(self):
        """Those whose address answers."""
        return self.filter(revoked_at=None)

    def of(self, person):
        """Those of one person."""
        return self.filter(person=person)

    def of_scope(self, scope):
        """Those of one kind."""
        return self.filter(scope=scope)


class CalendarFeed(models.Model):
    """An address at which a calendar program reads renewal dates: a person's own, or for an admin the company's.

    A person has one open feed of each kind at most. A revoked one never opens again; reading writes nothing.
    """

    class Scope(models.TextChoices):
        OWN = "own", _("My devices")
        COMPANY = "company", _("All devices of the company")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feeds")
    scope = models.CharField(max_length=10, choices=Scope)
    secret = models.CharField(max_length=40, unique=True, default=feed_secret)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar feed")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "scope"], condition=models.Q(revoked_at=None), name="feed_open_once"
            )
        ]

    def __str__(self):
        return f"{self.person}: {self.get_scope_display()}"

    @classmethod
    def make(cls, person, scope: str, *, at) -> "CalendarFeed":
        """A fresh address; the one before it answers no more."""
        with transaction.atomic():
            person.take_hold()
            cls.objects.open().of(person).of_scope(scope).update(revoked_at=at)
            feed = cls.objects.create(person=person, scope=scope, made_at=at)
            note_change(person, f"made_{scope}_calendar", by=person, at=at)
        return feed

    @classmethod
    def revoke(cls, person, scope: str, *, at) -> bool:
        """The address answers no more; whether there was one."""
        with transaction.atomic():
            person.take_hold()
            revoked = cls.objects.open().of(person).of_scope(scope).update(revoked_at=at)
            if revoked:
                note_change(person, f"revoked_{scope}_calendar", by=person, at=at)
        return bool(revoked)

    def may_be_read(self, today) -> bool:
        """Whether its person still has access, and is an admin where it shows the company's devices."""
        is_open = self.revoked_at is None and self.person.works_on(today)
        return is_open and (self.scope == self.Scope.OWN or self.person.is_admin)

    def address(self, scheme: str = "") -> str:
        """Where a calendar program reads it; `scheme` is webcal where a program is to open it."""
        whole = current_company().address(f"/calendar/{self.secret}.ics")
        return f"{scheme}:{whole.partition(':')[2]}" if scheme else whole


for _step, _sentence in {
    "made_own_calendar": _("{thing} made a calendar address for their own devices."),
    "made_company_calendar": _("{thing} made a calendar address for all devices."),
    "revoked_own_calendar": _("{thing} revoked the calendar address for their own devices."),
    "revoked_company_calendar": _("{thing} revoked the calendar address for all devices."),
}.items():
    says(PERSON, _step, _sentence)
