"""Letters: the outbox. A letter is written in the transaction of its cause and sent by a worker."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LetterQuerySet(models.QuerySet):
    """What one can say of letters."""

    def unsent(self):
        """Written, and not yet gone, failed or called off."""
        return self.filter(state__in=[Letter.State.QUEUED, Letter.State.SENDING])

    def to_person(self, person):
        """Letters to one person."""
        return self.filter(person=person)

    def newest_first(self):
        """For pages: the latest first."""
        return self.order_by("-written_at", "-pk")


class Letter(models.Model):
    """One mail to one address. `key` is unique: the same cause never writes it twice.

    Subject and both parts are made when it is sent, from the template and `context` (references and plain
    values, no secrets), in the recipient's language; the subject is kept from then on. Moments are UTC.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting to be sent")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        BOUNCED = "bounced", _("Bounced")
        COMPLAINED = "complained", _("Marked as spam")
        FAILED = "failed", _("Failed")
        VOIDED = "voided", _("Called off")

    key = models.CharField(max_length=200, unique=True)
    template = models.CharField(max_length=80)
    person = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="letters")
    to = models.EmailField()
    to_name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2)
    context = models.JSONField(default=dict)
    subject = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    reason = models.CharField(max_length=255, blank=True)
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    repeat = models.BooleanField(default=False)
    message_id = models.CharField(max_length=200, blank=True, db_index=True)
    provider_id = models.CharField(max_length=200, blank=True, db_index=True)
    resent_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")

    objects = LetterQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-written_at", "-id"], name="letter_newest"),
            models.Index(fields=["state"], name="letter_unsent", condition=models.Q(state__in=["queued", "sending"])),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state__in=["sent", "delivered"]) | models.Q(sent_at__isnull=False),
                name="letter_sent_has_moment",
            )
        ]

    def __str__(self):
        return self.subject or self.key


class MailEvent(models.Model):
    """What the mail provider said of a letter, kept once each (reliability R33)."""

    event_key = models.CharField(max_length=100, unique=True)
    letter = models.ForeignKey(Letter, models.CASCADE, null=True, related_name="events")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    description = models.CharField(max_length=255, blank=True)

    def __str__(self):
        return f"{self.kind} {self.letter_id}"


class RefusedAddress(models.Model):
    """An address that bounced for good or complained: optional mail stops, required mail is flagged (R32)."""

    address = models.EmailField(unique=True)
    kind = models.CharField(max_length=12, choices=[("bounced", _("Bounced")), ("complained", _("Marked as spam"))])
    since = models.DateTimeField()

    def __str__(self):
        return self.address


class Link(models.Model):
    """A link in a letter: what it is for, whose it is, until when (UTC). It never signs anyone in (R29).

    The token in the address is this row's secret, signed for the company; `binding` is what it holds good
    for (the holding of the device when it was written), so that it is void when the holder changes.
    """

    secret = models.CharField(max_length=32, unique=True)
    purpose = models.CharField(max_length=40)
    about_type = models.CharField(max_length=60)
    about_id = models.BigIntegerField()
    person = models.ForeignKey("people.Person", models.CASCADE, null=True, related_name="+")
    binding = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["about_type", "about_id"], name="link_about")]

    def __str__(self):
        return f"{self.purpose} {self.about_type} {self.about_id}"


class MailSettings(models.Model):
    """How this company writes: one row."""

    mail_to_employees = models.BooleanField(_("send mail to employees"), default=True)
    reply_to = models.EmailField(_("answers go to"), blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="mail_settings_one_row")]

    def __str__(self):
        return "mail settings"

    @classmethod
    def here(cls):
        """The current company's settings."""
        return cls.objects.get_or_create(pk=1)[0]
