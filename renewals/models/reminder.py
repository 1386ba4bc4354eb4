import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assets.models import Device
from renewals.reasons import words
from renewals.stages import PATH_OF, Stage
from velory.folding import words_of
from velory.people.models import Person

ADMINS = "admins"  # the recipient of what nobody else can be told


def reminder_reference() -> str:
    """What a reminder is called in addresses; nobody reads it aloud."""
    return secrets.token_hex(8)


class ReminderQuerySet(models.QuerySet):
    """What one can say of reminders."""

    def waiting(self):
        """Planned or paused: not sent, and not settled otherwise."""
        return self.filter(state__in=[Reminder.State.PLANNED, Reminder.State.PAUSED])

    def planned(self):
        """Those that go out on their day."""
        return self.filter(state=Reminder.State.PLANNED)

    def sent(self):
        """Those that a letter told."""
        return self.filter(state=Reminder.State.SENT)

    def due(self, today):
        """Planned, and the day has come or is past: a sweep that slept finds them all the same."""
        return self.planned().filter(send_on__lte=today)

    def until(self, day):
        """Waiting, to go out by a date."""
        return self.waiting().filter(send_on__lte=day)

    def to_person(self, person):
        """Those for one person, not as an admin."""
        return self.filter(recipient_key=person.ref)

    def to_admins(self):
        """Those for the company's admins, in a holder's stead."""
        return self.filter(recipient_key=ADMINS)

    def of(self, device):
        """Those about one device."""
        return self.filter(device=device)

    def named(self, pks):
        """Those that a letter names."""
        return self.filter(pk__in=pks)

    def in_state(self, state):
        """Those in one state."""
        return self.filter(state=state)

    def matching(self, q: str):
        """Those to a person, or about a device, that holds every word; people and devices are looked up first."""
        words = words_of(q)
        if not words:
            return self
        fits = models.Q(*(models.Q(search__contains=word) for word in words))
        people, devices = Person.objects.filter(fits), Device.objects.filter(fits)
        return self.filter(
            models.Q(person__in=list(people.values_list("pk", flat=True)[:2000]))
            | models.Q(device__in=list(devices.values_list("pk", flat=True)[:2000]))
        )

    def same_morning(self, reminder):
        """Everything planned for the same recipient on the same morning: it goes in one letter."""
        return self.filter(recipient_key=reminder.recipient_key, send_on=reminder.send_on)

    def in_order(self):
        """By the day on which they go out."""
        return self.order_by("send_on", "renewal_on", "pk")

    def with_what_a_letter_needs(self):
        """For letters and lists: no further query for each."""
        return self.select_related(
            "person", "device__category", "device__distributor", "device__contract__provider", "device__holder",
            "device__space",
        )  # fmt: skip


class Reminder(models.Model):
    """What one recipient is owed about one device at one stage: planned as soon as the facts are known, sent once.

    Unique by device, renewal date, stage and recipient, so that it is told once whoever plans or sweeps it,
    and however often. Dates are the company's local dates, moments UTC. `facts` is what was true when it was
    settled.
    """

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("reminder", "Planned")
        PAUSED = "paused", pgettext_lazy("reminder", "Paused")
        SENT = "sent", pgettext_lazy("reminder", "Sent")
        SUPERSEDED = "superseded", pgettext_lazy("reminder", "Superseded")
        VOIDED = "voided", pgettext_lazy("reminder", "Voided")
        SKIPPED = "skipped", pgettext_lazy("reminder", "Skipped")
        FAILED = "failed", pgettext_lazy("reminder", "Failed")

    ref = models.CharField(max_length=16, unique=True, default=reminder_reference, editable=False)
    device = models.ForeignKey("assets.Device", models.PROTECT, related_name="reminders")
    renewal_on = models.DateField(_("renewal date"))
    stage = models.CharField(_("stage"), max_length=20, choices=Stage)
    person = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="reminders")
    recipient_key = models.CharField(max_length=12)
    send_on = models.DateField(_("send date"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    reason = models.CharField(max_length=20, blank=True)
    facts = models.JSONField(default=dict)
    letter_key = models.CharField(max_length=200, blank=True)
    planned_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        constraints = [
            models.UniqueConstraint(fields=["device", "renewal_on", "stage", "recipient_key"], name="reminder_once"),
            models.CheckConstraint(
                condition=~models.Q(state="sent") | ~models.Q(letter_key=""), name="reminder_sent_names_its_letter"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["planned", "paused"], settled_at=None)
                | ~models.Q(state__in=["planned", "paused"]) & models.Q(settled_at__isnull=False),
                name="reminder_settled_has_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["send_on"], name="reminder_due", condition=models.Q(state="planned")),
            models.Index(fields=["letter_key"], name="reminder_letter", condition=~models.Q(letter_key="")),
            models.Index(fields=["state", "send_on"], name="reminder_state"),
        ]

    def __str__(self):
        return f"{self.get_stage_display()}: {self.device}"

    @property
    def key(self) -> tuple:
        """What makes it one of its kind for its device."""
        return (self.renewal_on, self.stage, self.recipient_key)

    @property
    def path(self):
        """The path that its stage belongs to."""
        return PATH_OF[Stage(self.stage)]

    @property
    def is_for_admins(self) -> bool:
        """Whether the admins are told in a holder's stead."""
        return self.recipient_key == ADMINS

    @property
    def is_waiting(self) -> bool:
        """Whether it may still go out."""
        return self.state in {self.State.PLANNED, self.State.PAUSED}

    @property
    def why(self) -> str:
        """Why it was not sent, or why it goes to the admins; in the reader's language."""
        return words(self.reason, self.facts)

    @property
    def why_admins(self) -> str:
        """Why the admins are told; in the reader's language."""
        return words(self.facts.get("told", ""), self.facts)

    def get_absolute_url(self):
        """What it is about."""
        return self.device.get_absolute_url()

    # What becomes of it; the caller holds the row

    def settle(self, state, reason: str, *, at, **facts):
        """It will not go out, for a reason."""
        self.state, self.reason, self.settled_at = state, reason, at
        self.facts = self.facts | facts
        return self

    def plan_again(self, *, send_on, at, **facts):
        """It is owed after all."""
        self.state, self.reason, self.settled_at = self.State.PLANNED, "", None
        self.send_on, self.planned_at, self.facts, self.letter_key = send_on, at, facts, ""
        return self

    def pause(self, *, by, at):
        """An admin holds it back."""
        self.state = self.State.PAUSED
        self.facts = self.facts | {"paused_by": str(by), "paused_at": at.isoformat()}
        return self

    def resume(self, *, send_on, by):
        """An admin lets it go out after all."""
        self.state, self.send_on = self.State.PLANNED, send_on
        self.facts = self.facts | {"resumed_by": str(by)}
        return self

    def tell(self, letter_key: str, *, at, **facts):
        """A letter tells it."""
        self.letter_key = letter_key
        return self.settle(self.State.SENT, "", at=at, **facts)


WRITTEN = ["state", "reason", "facts", "send_on", "letter_key", "planned_at", "settled_at"]
