"""An import: a file, what it would do, and how far that is done."""

import hashlib
import json

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assets.importing.columns import OURS, normal_heading, proposed
from assets.importing.faults import keepable
from assets.importing.models.heading import RememberedHeading
from assets.importing.models.row import ImportRow
from velory import clock
from velory.journal.reason import Reason, Refused
from velory.references import import_reference

SMALL = 500  # rows; a file of fewer is read while the admin waits


class ImportQuerySet(models.QuerySet):
    """What one can say of imports."""

    def visible_to(self, person):
        """Imports are the admins' business."""
        return self if person.is_admin else self.none()

    def for_the_list(self):
        """The latest first, without the files themselves."""
        return self.exclude(state=Import.State.DISCARDED).defer("content").order_by("-uploaded_at", "-pk")


class Import(models.Model):
    """One file of people and devices. `content` is the file as it came; what is shown is what is applied.

    `leavers`: a file of last days and nothing else, which brings nobody new. `sheet_name`: which sheet of a workbook
    is read; `sheets`: all that hold rows, where an admin has to say which.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", gettext_lazy("Columns to match")
        READING = "reading", gettext_lazy("Being read")
        PREVIEWED = "previewed", gettext_lazy("Ready to apply")
        APPLYING = "applying", gettext_lazy("Being applied")
        APPLIED = "applied", gettext_lazy("Applied")
        STOPPED = "stopped", gettext_lazy("Stopped")
        DISCARDED = "discarded", gettext_lazy("Discarded")

    ref = models.CharField(max_length=12, unique=True, default=import_reference, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=200, blank=True)
    file_name = models.CharField(max_length=120)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    encoding = models.CharField(max_length=20, blank=True)
    separator = models.CharField(max_length=1, blank=True)
    sheet_name = models.CharField(max_length=100, blank=True, default="", db_default="")
    sheets = models.JSONField(default=list, db_default=[])
    headings = models.JSONField(default=list)
    mapping = models.JSONField(default=list)
    day_first = models.BooleanField(null=True)
    decimal = models.CharField(max_length=1, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.UPLOADED)
    stopped_because = models.CharField(max_length=200, blank=True)
    uploaded_at = models.DateTimeField()
    previewed_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    plan_digest = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    invite = models.BooleanField(default=False)
    leavers = models.BooleanField(default=False)
    write_to_leavers = models.BooleanField(default=False)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("noun", "import")
        indexes = [models.Index(fields=["-uploaded_at", "-id"], name="import_newest")]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        """The import's page, whatever state it is in."""
        return reverse("importing:import", args=[self.ref])

    @classmethod
    def begin(cls, content: bytes, file_name: str, *, by, at, leavers: bool = False) -> "Import":
        """Take a file in and propose a mapping of its headings. Raises reading.Unreadable with a sentence."""
        from assets.importing.reading import read

        sheet = read(content)
        made = cls(
            by=by, by_name=str(by or ""), file_name=_shown_name(file_name), content=content, uploaded_at=at,
            digest=hashlib.sha256(content).hexdigest(), leavers=leavers,
        )  # fmt: skip
        made._take(sheet)
        made.save(force_insert=True)
        return made

    def _take(self, sheet):
        """What the file says of itself, and a mapping of its headings as proposed."""
        self.encoding, self.separator, self.sheet_name = sheet.encoding, sheet.separator, keepable(sheet.name)
        self.sheets = [keepable(name) for name in sheet.names] if len(sheet.names) > 1 else []
        self.headings, self.total = [keepable(heading[:200]) for heading in sheet.headings], len(sheet.rows)
        self.mapping = proposed(self.headings, RememberedHeading.objects.known())
        self.__dict__["sheet"] = sheet

    # What it says

    @cached_property
    def sheet(self):
        """The file, read."""
        from assets.importing.reading import read

        return read(bytes(self.content), self.sheet_name)

    @property
    def unknown_headings(self) -> list[str]:
        """Headings that stand for no column."""
        return [heading for heading, code in zip(self.headings, self.mapping, strict=True) if heading and not code]

    @property
    def needs_matching(self) -> bool:
        """Whether an admin should look at the headings first: some is unknown and nobody has said so before."""
        if self.sheets:
            return True
        if self.leavers and {"email", "last_employment_date"} <= set(self.mapping):
            return False  # nothing else is taken from it
        settled = OURS | set(RememberedHeading.objects.known())
        return not self.has_key or any(normal_heading(heading) not in settled for heading in self.unknown_headings)

    @property
    def has_key(self) -> bool:
        """Whether the mapped columns can tell whom or what a row means."""
        return bool({"email", "device_id", "serial_number"} & set(self.mapping))

    @property
    def is_small(self) -> bool:
        """Whether it is read while the admin waits."""
        return self.total < SMALL

    @property
    def is_busy(self) -> bool:
        """Whether something happens to it in the background."""
        return self.state in {self.State.READING, self.State.APPLYING}

    @property
    def is_workbook(self) -> bool:
        """Whether the file is a workbook, so that what is refused goes back as one."""
        return self.encoding == "XLSX"

    @property
    def being_applied(self) -> int:
        """Of how many rows its page says how many are done; nought while the file is being read."""
        return self.total if self.state == self.State.APPLYING else 0

    @property
    def rows_read(self) -> int:
        """How many rows the file has."""
        return sum((self.outcome or self.counts).get("rows", {}).values())

    @property
    def leaver_count(self) -> int:
        """How many people it gives a last day that is still to come."""
        return self.counts.get("leavers", 0)

    @property
    def title(self) -> str:
        """The heading of its page."""
        if self.state == self.State.APPLYING:
            return _("Applying the import")
        if self.state in {self.State.APPLIED, self.State.STOPPED}:
            return _("Result of the import")
        return self.file_name if self.state == self.State.DISCARDED else _("Preview of the import")

    @property
    def in_brief(self) -> str:
        """What came of it, or would: a line for the list."""
        rows = (self.outcome or self.counts).get("rows")
        if not rows:
            return ""
        return _("%(created)s created, %(changed)s changed, %(unchanged)s unchanged, %(refused)s refused") % rows

    @property
    def to_apply(self) -> int:
        """How many rows there are to apply."""
        rows = self.counts.get("rows", {})
        return rows.get("created", 0) + rows.get("changed", 0)

    # What happens to it

    def match(self, mapping: list[str], *, day_first: bool | None) -> None:
        """The admin has said which heading is which column; what was foreign is remembered."""
        with transaction.atomic():
            self._take_hold(self.State.UPLOADED, self.State.PREVIEWED)
            self.mapping, self.day_first, self.state = mapping, day_first, self.State.UPLOADED
            RememberedHeading.objects.remember(self.headings, mapping)
            self.save(update_fields=["mapping", "day_first", "state"])

    def take_sheet(self, name: str) -> None:
        """The admin has said which sheet of the workbook is meant. Raises reading.Unreadable with a sentence."""
        from assets.importing.reading import read

        if name not in self.sheets:
            raise Refused(Reason("sheet", _("The workbook has no such sheet with rows in it.")))
        sheet = read(bytes(self.content), name)
        with transaction.atomic():
            self._take_hold(self.State.UPLOADED, self.State.PREVIEWED)
            self._take(sheet)
            self.state = self.State.UPLOADED
            self.save(update_fields=["sheet_name", "sheets", "headings", "total", "mapping", "state"])

    def read_on(self, *, at) -> None:
        """Read it with its mapping: at once where it is small, else in the background."""
        from velory.agenda import book

        with transaction.atomic():
            self._take_hold(self.State.UPLOADED)
            self._forget_preview()
            if not self.is_small:
                book.put("import.read", self.ref, at)
        if self.is_small:
            self.preview(at=at)

    def read_here(self, *, at) -> None:
        """Read it with the mapping that was proposed, at once."""
        with transaction.atomic():
            self._take_hold(self.State.UPLOADED)
            self._forget_preview()
        self.preview(at=at)

    def _forget_preview(self):
        self.state, self.plan_digest, self.counts = self.State.READING, "", {}
        self.rows.all().delete()
        self.save(update_fields=["mapping", "day_first", "state", "plan_digest", "counts"])

    def preview(self, *, at) -> None:
        """Work out what it would do, write nothing but that, and keep it row by row. Safe to run twice."""
        from assets.importing import leavers, plan, verdicts
        from velory.tenancy.context import current_company

        if self.state != self.State.READING:
            return
        habits = plan.habits_of(self.sheet, self.mapping, day_first=self.day_first)
        rows = plan.readings(self.sheet, self.mapping, habits)
        if self.leavers:
            leavers.keep_to_the_last_day(rows)
        planned = plan.plan(rows, by=self.by, company=current_company(), today=clock.local_date(at))
        leavers.count_devices(planned)
        with transaction.atomic():
            self._take_hold(self.State.READING)
            self.rows.all().delete()
            ImportRow.objects.bulk_create((ImportRow.of(self, row) for row in planned), batch_size=1000)
            self.decimal, self.counts, self.previewed_at = habits.decimal, verdicts.counts(planned), at
            if leaving := leavers.leavers_in(planned, today=clock.local_date(at).isoformat()):
                self.counts["leavers"] = leaving
            if self.sheet.hidden:
                self.counts["hidden"] = self.sheet.hidden
            self.plan_digest = _digest(self, planned)
            self.state = self.State.PREVIEWED
            self.save(update_fields=["decimal", "counts", "previewed_at", "plan_digest", "state"])

    def confirm(self, *, by, plan: str, at, invite: bool = False, write_to_leavers: bool = False) -> None:
        """Apply exactly the plan that was on the page. Raises Refused where there is another one by now."""
        from velory.agenda import book

        with transaction.atomic():
            self._take_hold(self.State.PREVIEWED)
            if plan != self.plan_digest:
                raise Refused(Reason("stale", _("The preview on your page is not the latest. Look at it again.")))
            self.state, self.invite, self.done, self.total = self.State.APPLYING, invite, 0, self.to_apply
            self.by, self.by_name, self.write_to_leavers = by, str(by or ""), write_to_leavers
            self.save(update_fields=["state", "invite", "done", "total", "by", "by_name", "write_to_leavers"])
            book.put("import.apply", self.ref, at)

    def discard(self) -> None:
        """Nothing of it is applied, and the file is forgotten."""
        with transaction.atomic():
            self._take_hold(self.State.UPLOADED, self.State.READING, self.State.PREVIEWED)
            self.rows.all().delete()
            self.content, self.state = b"", self.State.DISCARDED
            self.save(update_fields=["content", "state"])

    def _take_hold(self, *states):
        """Keep others off it; refuse where it is not in one of the states any more."""
        now = Import.objects.select_for_update().defer("content").get(pk=self.pk)
        sheet = self.__dict__.get("sheet")
        kept = {
            name: value for name, value in self.__dict__.items() if name in {"content", "_prefetched_objects_cache"}
        }
        self.__dict__.update(now.__dict__ | kept | ({"sheet": sheet} if sheet else {}))
        if self.state not in states:
            raise Refused(Reason("status", _("This import has moved on: %s.") % self.get_state_display()))


def _shown_name(name: str) -> str:
    """A file's name without its folders and without what a page can't show."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in bare if letter.isprintable())[-120:] or "import.csv"


def _digest(an_import, planned) -> str:
    """What the confirmation is bound to: the file, its mapping and every row of the plan (R69)."""
    made = hashlib.sha256(f"{an_import.digest} {an_import.sheet_name} {an_import.mapping}".encode())
    for row in planned:
        made.update(json.dumps([row.number, row.verdict, row.stored()], sort_keys=True).encode())
    return made.hexdigest()
