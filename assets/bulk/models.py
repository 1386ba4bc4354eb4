"""A bulk change and its rows: what was asked for, what it does to each device, and how far that is done."""

import hashlib
import json
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.bulk.wording import LONGEST, in_every_language, in_readers
from velory import clock
from velory.journal.reason import Reason, Refused
from velory.references import reference

KEEPS = timedelta(hours=24)  # a preview that is older is made anew


def bulk_reference() -> str:
    """A bulk change's reference."""
    return reference("BC")


class BulkChangeQuerySet(models.QuerySet):
    """What one can say of bulk changes."""

    def visible_to(self, person):
        """Bulk changes are the admins' business."""
        return self if person.is_admin else self.none()

    def for_the_list(self):
        """What was applied, or is to be looked at still."""
        return self.exclude(state=BulkChange.State.DISCARDED).select_related("undoes").prefetch_related("undone_by")


class BulkChange(models.Model):
    """One change of many devices. `said` is what the form was filled in with; what is shown is what is applied."""

    class State(models.TextChoices):
        PLANNED = "planned", gettext_lazy("Ready to apply")
        APPLYING = "applying", gettext_lazy("Being applied")
        APPLIED = "applied", gettext_lazy("Applied")
        STOPPED = "stopped", gettext_lazy("Stopped")
        DISCARDED = "discarded", gettext_lazy("Discarded")

    ref = models.CharField(max_length=12, unique=True, default=bulk_reference, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=40)
    said = models.JSONField(default=dict)
    undoes = models.ForeignKey("self", models.CASCADE, null=True, related_name="undone_by")
    list_query = models.CharField(max_length=2000, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.PLANNED)
    planned_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    plan_digest = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)

    objects = BulkChangeQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("bulk change")
        indexes = [models.Index(fields=["-planned_at", "-id"], name="bulk_change_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["undoes"], condition=models.Q(state__in=["applying", "applied", "stopped"]),
                name="bulk_change_undone_once",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.title} ({self.ref})"

    def get_absolute_url(self):
        """The change's page, whatever state it is in."""
        return reverse("bulk:change", args=[self.ref])

    @cached_property
    def deed(self):
        """The action that it is."""
        from assets.bulk.registry import action_of

        return action_of(self.action)

    @property
    def title(self) -> str:
        """What it does, in the reader's language: “Set payor: Company, cost centre 4200”."""
        words = self.deed.title(self.said) or self.action
        return _("Undo: %s") % words if self.undoes_id else words

    @property
    def is_busy(self) -> bool:
        """Whether it is under way, so that its page shows progress."""
        return self.state == self.State.APPLYING

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.state in {self.State.APPLIED, self.State.STOPPED}

    @property
    def told(self) -> dict:
        """How many of each verdict: as planned, and as it came out once it is over."""
        return self.outcome or self.counts

    @property
    def undoing(self):
        """The change that took this one back, or is about to; None where there is none."""
        done = [change for change in self.undone_by.all() if change.is_busy or change.is_over]
        return done[0] if done else None

    @property
    def may_be_made_again(self) -> bool:
        """Whether what this undo took back can be asked for anew, of the same devices."""
        return bool(self.undoes_id) and self.is_over and bool(self.outcome.get("changed"))

    @property
    def may_be_undone(self) -> bool:
        """Whether an undo may be looked at: it is over, something was done, and it was not undone before."""
        return self.is_over and not self.undoes_id and bool(self.outcome.get("changed")) and self.undoing is None

    # From the preview to the end

    def confirm(self, *, by, plan: str, at) -> None:
        """Apply exactly the plan that was on the page. Once it is under way, pressing again changes nothing."""
        from velory.agenda import book

        with transaction.atomic():
            self.take_hold()
            if self.is_busy or self.is_over:
                return
            self._refuse_what_is_past(plan, at)
            self.state, self.total = self.State.APPLYING, self.counts.get("changed", 0)
            self.by, self.by_name = by, str(by or "")
            self.save(update_fields=["state", "total", "by", "by_name"])
            book.put("bulk.apply", self.ref, at)

    def _refuse_what_is_past(self, plan, at):
        if self.state != self.State.PLANNED or plan != self.plan_digest:
            raise Refused(Reason("stale", _("The preview on your page is not the latest. Look at it again.")))
        if at - self.planned_at > KEEPS:
            raise Refused(Reason("old", _("This preview is more than a day old. Make it again, and look at it.")))
        if self.undoes_id:
            undone = BulkChange.objects.select_for_update(of=("self",)).get(pk=self.undoes_id)
            if undone.undoing is not None:
                raise Refused(Reason("undone", _("This change was undone already.")))

    def discard(self) -> None:
        """Nothing of it is applied."""
        with transaction.atomic():
            self.take_hold()
            if self.state == self.State.DISCARDED:
                return
            if self.state != self.State.PLANNED:
                raise Refused(Reason("status", _("This change has moved on: %s.") % self.get_state_display()))
            self.rows.all().delete()
            self.state = self.State.DISCARDED
            self.save(update_fields=["state"])

    def take_hold(self) -> None:
        """See it as it is now, and keep others off it until the transaction ends."""
        now = BulkChange.objects.select_for_update(of=("self",)).get(pk=self.pk)
        self.__dict__.clear()
        self.__dict__.update(now.__dict__)


class BulkRowQuerySet(models.QuerySet):
    """What one can say of rows."""

    def waiting(self):
        """To be applied still: in the plan's order, those that somebody else held a moment ago last."""
        return self.filter(applied_at=None, verdict="changed").order_by("tries", "number")

    def with_verdict(self, verdict: str):
        """Rows that change, stay as they are, or are refused."""
        return self.filter(verdict=verdict)

    def counted(self) -> dict[str, int]:
        """How many of each verdict."""
        found = dict(self.values_list("verdict").annotate(n=models.Count("pk")).order_by())
        return {verdict: found.get(verdict, 0) for verdict in VERDICTS}

    def refused_because(self) -> list[tuple[str, int]]:
        """Each reason in the reader's language with how many it refuses, the most frequent first."""
        refused = self.with_verdict("refused").values_list("words", "reason")
        counted = refused.annotate(n=models.Count("pk")).order_by("-n", "reason")
        return [(in_readers(words, reason), n) for words, reason, n in counted]

    def refuse_waiting(self, reason) -> None:
        """Nothing of what waits is applied, for the same reason in each row."""
        words = in_every_language(reason)
        self.waiting().order_by().update(verdict="refused", reason=str(reason), words=words)


VERDICTS = ("changed", "unchanged", "refused")


class BulkRow(models.Model):
    """What a change does to one device: the steps it takes, what was before, or why nothing is done."""

    change = models.ForeignKey(BulkChange, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    device = models.ForeignKey("assets.Device", models.CASCADE, null=True, related_name="+")
    ref = models.CharField(max_length=40)
    name = models.CharField(max_length=120, blank=True)
    serial = models.CharField(max_length=60, blank=True)
    verdict = models.CharField(max_length=10)
    reason = models.CharField(max_length=500, blank=True)
    words = models.JSONField(default=dict, db_default={})
    version = models.PositiveIntegerField(default=0)
    before = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    moves = models.JSONField(default=list)
    tries = models.PositiveSmallIntegerField(default=0)
    applied_at = models.DateTimeField(null=True)
    left_version = models.PositiveIntegerField(default=0)
    left_status = models.CharField(max_length=20, blank=True)

    objects = BulkRowQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change", "number"], name="bulk_row_once")]
        indexes = [models.Index(fields=["change", "verdict", "number"], name="bulk_row_verdict")]

    def __str__(self):
        return f"{self.ref}: {self.verdict}"

    def refuse(self, reason, words: dict[str, str] | None = None) -> None:
        """Nothing is done to this device, and why: in the words of whoever asked, and in every language."""
        self.verdict, self.reason = "refused", str(reason)[:LONGEST]
        self.words = in_every_language(reason) if words is None else words

    @property
    def why(self) -> str:
        """Why it is refused, in the reader's language."""
        return in_readers(self.words, self.reason)

    @property
    def was_moved(self) -> bool:
        """Whether it took another status with this change than it had."""
        return bool(self.left_status) and self.left_status != self.before.get("status")


def digest_of(rows) -> str:
    """What a confirmation is bound to: every row of the plan."""
    made = hashlib.sha256()
    for row in rows:
        made.update(json.dumps([row.ref, row.version, row.verdict, row.moves], sort_keys=True).encode())
    return made.hexdigest()


def is_old(change: BulkChange) -> bool:
    """Whether a preview has to be made anew before it may be applied."""
    return change.state == BulkChange.State.PLANNED and clock.now() - change.planned_at > KEEPS
