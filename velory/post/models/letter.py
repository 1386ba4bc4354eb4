"""Letters: the outbox. A letter is written in the transaction of its cause and sent by a worker."""

import json
import secrets
from datetime import time, timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from velory import clock


def letter_reference() -> str:
    """A letter's place in addresses, which tells neither counts nor order (R57)."""
    return secrets.token_hex(10)


class LetterQuerySet(models.QuerySet):
    """What one can say of letters."""

    def unsent(self):
        """Written, and not yet gone, failed or called off."""
        return self.filter(state__in=[Letter.State.QUEUED, Letter.State.SENDING])

    def waiting(self):
        """Written, and nobody has begun to send them."""
        return self.filter(state=Letter.State.QUEUED)

    def held_back(self):
        """Written, and kept from going by an admin."""
        return self.filter(state=Letter.State.HELD)

    def in_state(self, *states):
        """In one of some states."""
        return self.filter(state__in=states)

    def to_person(self, person):
        """Letters to one person."""
        return self.filter(person=person)

    def of_template(self, template):
        """Letters of one kind."""
        return self.filter(template=template)

    def of_templates(self, templates):
        """Letters of some kinds."""
        return self.filter(template__in=templates)

    def copies_of(self, letter):
        """Letters that were sent because this one was to go again."""
        return self.filter(resent_from=letter)

    def written_since(self, moment):
        """Written at a moment or after it."""
        return self.filter(written_at__gte=moment)

    def addressed_like(self, words, *, templates=()):
        """For the search: name or address of the recipient, or subject; or one of some kinds."""
        return self.filter(
            models.Q(to__icontains=words)
            | models.Q(to_name__icontains=words)
            | models.Q(subject__icontains=words)
            | models.Q(template__in=templates)
        )

    def of_the_last(self, days, at):
        """Written on one of the last days, today among them, by the company's clocks."""
        first = clock.local_date(at) - timedelta(days=days - 1)
        return self.filter(written_at__gte=clock.local(first, time(0)))

    def newest_first(self):
        """For pages: the latest first."""
        return self.order_by("-written_at", "-pk")

    def for_the_list(self):
        """For pages: without the parts, which are long."""
        return self.defer("text", "html", "context").select_related("person")

    def write_once(self, letters):
        """Insert letters whose key is not yet taken, with one statement; returns those, with their keys."""
        fields = [field for field in Letter._meta.concrete_fields if not field.primary_key]
        columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
        rows = [{field.column: getattr(letter, field.attname) for field in fields} for letter in letters]
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                INSERT INTO post_letter ({columns})
                SELECT {columns} FROM jsonb_populate_recordset(NULL::post_letter, %s::jsonb)
                ON CONFLICT (key) DO NOTHING RETURNING id, key
                """,
                [json.dumps(rows, cls=DjangoJSONEncoder)],
            )
            new = {key: pk for pk, key in cursor.fetchall()}
        made = []
        for letter in letters:
            if letter.key in new:
                letter.pk, letter._state.adding = new.pop(letter.key), False
                made.append(letter)
        return made


class Letter(models.Model):
    """One mail to one address. `key` is unique: the same cause never writes it twice.

    Subject and both parts are made when it is sent, from the template and `context` (references and plain
    values), in the recipient's language, and kept as they went; a secret in them is kept as dots. Moments are UTC;
    `lease_until` is on the machine's own clock.
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
        HELD = "held", _("Held back")

    ref = models.CharField(max_length=20, unique=True, default=letter_reference, editable=False)
    key = models.CharField(max_length=200, unique=True)
    template = models.CharField(max_length=80)
    person = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="letters")
    to = models.EmailField(blank=True)
    to_name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2)
    context = models.JSONField(default=dict)
    subject = models.CharField(max_length=255, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
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
            models.Index(Lower("to"), name="letter_address"),
            models.Index(fields=["template", "-written_at"], name="letter_kind"),
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

    def get_absolute_url(self):
        return reverse("post:letter", args=[self.ref])

    @property
    def is_unsent(self) -> bool:
        """Whether it is still to go."""
        return self.state in {self.State.QUEUED, self.State.SENDING}

    @property
    def is_over(self) -> bool:
        """Whether nothing more becomes of it by itself: gone, failed or called off."""
        return not self.is_unsent and self.state != self.State.HELD

    @property
    def went_at(self):
        """When it was sent, else when it was written: what a list shows."""
        return self.sent_at or self.written_at

    @property
    def why(self) -> str:
        """The reason that it was called off or failed, in the reader's language."""
        return gettext(self.reason) if self.reason else ""

    @property
    def kind_name(self) -> str:
        """What this kind of letter is called."""
        from velory.post.letters import kind_of

        return kind_of(self).name

    @property
    def recipient(self) -> str:
        """The name, else the address."""
        return self.to_name or self.to


class MailEventQuerySet(models.QuerySet):
    """What one can say of reports."""

    def of_address(self, address):
        """About any letter to an address."""
        return self.alias(lower=Lower("letter__to")).filter(lower=address.lower())

    def in_order(self):
        """As it happened."""
        return self.order_by("at", "pk")


class MailEvent(models.Model):
    """What the mail provider said of a letter, kept once each (reliability R33)."""

    event_key = models.CharField(max_length=100, unique=True)
    letter = models.ForeignKey(Letter, models.CASCADE, null=True, related_name="events")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    description = models.CharField(max_length=255, blank=True)

    objects = MailEventQuerySet.as_manager()

    def __str__(self):
        return str(KINDS.get(self.kind, self.kind))

    @property
    def in_words(self) -> str:
        """What the server's answer means, and what can be done."""
        from velory.post.said import in_words

        return in_words(self.description) if self.kind != "delivered" else ""


KINDS = {
    "sent": _("The provider took it"),
    "delivered": _("Delivered"),
    "deferred": _("Not taken yet"),
    "failed": _("Failed"),
    "rejected": _("Refused by the provider"),
    "bounced": _("Bounced"),
    "complained": _("Marked as spam"),
}


class RefusedAddress(models.Model):
    """An address that bounced for good or complained: optional mail stops, required mail is flagged (R32)."""

    address = models.EmailField(unique=True)
    kind = models.CharField(max_length=12, choices=[("bounced", _("Bounced")), ("complained", _("Marked as spam"))])
    since = models.DateTimeField()

    def __str__(self):
        return self.address
