"""An archive: everything that the company has at one moment, as one file that lies here for a week."""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from velory.journal.deeds import write
from velory.journal.reason import Reason, Refused
from velory.references import reference

KEPT = timedelta(days=7)
BEGUN_AT_MOST = 4  # times, before an archive that never gets finished is given up


def archive_reference() -> str:
    """An archive's reference."""
    return reference("A")


class ArchiveQuerySet(models.QuerySet):
    """What one can say of archives."""

    def being_made(self):
        """Asked for, and not ready yet."""
        return self.filter(state=Archive.State.MAKING)

    def ready(self):
        """Lying here, to be downloaded."""
        return self.filter(state=Archive.State.READY)

    def to_fetch(self, at):
        """Lying here, and its week is not over, whether or not somebody has come to delete it."""
        return self.ready().filter(ready_at__gt=at - KEPT)

    def over(self):
        """Deleted, or never finished."""
        return self.exclude(state__in=[Archive.State.MAKING, Archive.State.READY])

    def made_since(self, moment):
        """Ready at a moment or after it; the file may be gone by now."""
        return self.filter(ready_at__gte=moment)

    def newest_first(self):
        """For pages: the latest first."""
        return self.order_by("-asked_at", "-pk")


class Archive(models.Model):
    """One archive: who asked for it, how far it is, and the file while it lies here. Moments are UTC."""

    class State(models.TextChoices):
        MAKING = "making", gettext_lazy("Being made")
        READY = "ready", gettext_lazy("Ready")
        DELETED = "deleted", gettext_lazy("Deleted")
        FAILED = "failed", gettext_lazy("Failed")

    ref = models.CharField(max_length=12, unique=True, default=archive_reference, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=200, blank=True)
    by_operator = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.MAKING)
    asked_at = models.DateTimeField()
    begun = models.PositiveSmallIntegerField(default=0)
    copied_to = models.CharField(max_length=500, blank=True)  # the last file that is in it, while it is being made
    ready_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    size = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(default=dict)

    objects = ArchiveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=models.Q(state="making"), name="archive_one_at_a_time"),
            models.CheckConstraint(
                condition=~models.Q(state="ready") | models.Q(ready_at__isnull=False), name="archive_ready_has_moment"
            ),
        ]
        indexes = [models.Index(fields=["-asked_at", "-id"], name="archive_newest")]

    def __str__(self):
        return self.ref

    def get_absolute_url(self):
        return reverse("archive:archives")

    @property
    def path(self) -> str:
        """Where its file lies, below the company's folder."""
        return f"archives/{self.ref}.zip"

    @property
    def file_name(self) -> str:
        """What the file is called when it is downloaded."""
        from velory.tenancy.context import current_company

        return f"{current_company().slug}-{self.asked_at:%Y-%m-%d}-{self.ref}.zip"

    @property
    def until(self):
        """Until when the file lies here; None while there is none."""
        return self.ready_at + KEPT if self.ready_at else None

    # What happens to it

    @classmethod
    def ask(cls, *, by, at, operator: str = "") -> "Archive":
        """Somebody wants everything: an admin of the company, or an operator by name. Raises Refused while one is
        being made."""
        from velory.agenda import book

        with transaction.atomic():
            archive, new = cls.objects.get_or_create(
                state=cls.State.MAKING,
                defaults={"by": by, "by_name": str(by or operator), "by_operator": not by, "asked_at": at},
            )
            if not new:
                raise Refused(Reason("busy", _("An export is being made already. You can ask again when it is ready.")))
            archive.note("ask", by=by, at=at, operator=operator)
            book.put("archive.make", archive.ref, at)
        return archive

    def begin(self, *, at) -> bool:
        """Whether it is to be made now: still wanted, and not begun too often in vain."""
        with transaction.atomic():
            held = type(self).objects.select_for_update(of=("self",)).being_made().filter(pk=self.pk).first()
            if held is None:
                return False
            self.begun = held.begun + 1
            if self.begun > BEGUN_AT_MOST:
                self.state = self.State.FAILED
                self.save(update_fields=["state", "begun"])
                self.note("fail", by=None, at=at)
                return False
            self.save(update_fields=["begun"])
        return True

    def got_to(self, name: str) -> None:
        """The files up to this one are in it, safely."""
        self.copied_to, self.begun = name[:500], 0 if name > self.copied_to else self.begun
        self.save(update_fields=["copied_to", "begun"])

    def finish(self, *, size: int, digest: str, counts: dict, at) -> None:
        """The file lies there; whoever may have it hears of it."""
        from velory.agenda import book
        from velory.archive import notices

        with transaction.atomic():
            self.state, self.size, self.digest, self.counts, self.ready_at = (
                self.State.READY, size, digest, counts, at,
            )  # fmt: skip
            self.copied_to = ""
            self.save(update_fields=["state", "size", "digest", "counts", "ready_at", "copied_to"])
            self.note("finish", by=None, at=at, rows=counts["rows"], files=counts["files"])
            notices.it_is_ready(self, at=at)
            book.put("archive.delete", self.ref, self.until)

    def forget(self, *, by, at) -> None:
        """The file is deleted; that it was made stays."""
        from velory.archive.making import remove

        remove(self)
        with transaction.atomic():
            held = type(self).objects.select_for_update(of=("self",)).ready().filter(pk=self.pk).first()
            if held is not None:
                self.state, self.deleted_at = self.State.DELETED, at
                self.save(update_fields=["state", "deleted_at"])
                self.note("delete", by=by, at=at)

    def note(self, deed: str, *, by, at, operator: str = "", **details) -> None:
        """Write in the company's journal what was done with it, by whom."""
        if operator:
            details["operator"] = operator
        with transaction.atomic():
            type(self).objects.select_for_update(of=("self",)).get(pk=self.pk)
            write(self, deed, by=by, at=at, details=details, role="operator" if operator else "")
