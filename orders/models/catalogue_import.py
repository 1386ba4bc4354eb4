"""An import of the catalogue: a file, what it would do row by row, and what came of it."""

import hashlib
import json

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from velory.journal.reason import Reason, Refused
from velory.references import import_reference


class CatalogueImport(models.Model):
    """One CSV file of products. What was shown is what is applied, at once or not at all.

    `rows` is the plan, row by row; each is all or nothing: what has changed since the preview is refused in `outcome`.
    """

    class State(models.TextChoices):
        PREVIEWED = "previewed", gettext_lazy("Ready to apply")
        APPLIED = "applied", gettext_lazy("Applied")
        DISCARDED = "discarded", gettext_lazy("Discarded")

    ref = models.CharField(max_length=12, unique=True, default=import_reference, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=200, blank=True)
    file_name = models.CharField(max_length=120)
    headings = models.JSONField(default=list)
    left_out = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=State, default=State.PREVIEWED)
    rows = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    previewed_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = gettext_lazy("catalogue import")

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("orders:import", args=[self.ref])

    @classmethod
    def begin(cls, content: bytes, file_name: str, *, by, at) -> "CatalogueImport":
        """Read a file and keep what it would do. Raises Unreadable with a sentence."""
        from orders.catalogue.plan import preview

        made = cls(by=by, by_name=str(by or ""), file_name=_shown(file_name), previewed_at=at)
        made.headings, made.left_out, made.rows = preview(content)
        said = json.dumps([made.headings, made.rows], sort_keys=True).encode()
        made.digest = hashlib.sha256(hashlib.sha256(content).digest() + said).hexdigest()
        made.save(force_insert=True)
        return made

    # What it says

    def with_verdict(self, verdict: str) -> list[dict]:
        """The rows of one verdict, in the file's order."""
        return [row for row in self.rows if row["verdict"] == verdict]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of each verdict."""
        from orders.catalogue.plan import VERDICTS

        return {verdict: len(self.with_verdict(verdict)) for verdict in VERDICTS}

    @property
    def to_apply(self) -> int:
        """How many rows there are to apply."""
        return len(self.with_verdict("created")) + len(self.with_verdict("changed"))

    @property
    def in_brief(self) -> str:
        """What came of it, or would: a line for the list."""
        return _("%(created)s created, %(changed)s changed, %(unchanged)s unchanged, %(refused)s refused") % self.counts

    # What happens to it

    def apply(self, *, by, digest: str, at) -> None:
        """Apply exactly the plan that was on the page. Raises Refused where there is another, or it was applied."""
        from orders.catalogue.applying import apply_rows

        with transaction.atomic():
            self._take_hold()
            if digest != self.digest:
                raise Refused(Reason("stale", _("The preview on your page is not the latest. Look at it again.")))
            self.rows = apply_rows(self.rows, by=by, at=at)
            self.state, self.applied_at = self.State.APPLIED, at
            self.by, self.by_name = by, str(by or "")
            self.save(update_fields=["rows", "state", "applied_at", "by", "by_name"])

    def discard(self) -> None:
        """Nothing of it is applied, and the file is forgotten."""
        with transaction.atomic():
            self._take_hold()
            self.rows, self.state = [], self.State.DISCARDED
            self.save(update_fields=["rows", "state"])

    def _take_hold(self):
        now = CatalogueImport.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if now.state != self.State.PREVIEWED:
            raise Refused(Reason("state", _("That can't be done now: the import is “%s”.") % now.get_state_display()))
        self.rows, self.digest = now.rows, now.digest


def _shown(file_name: str) -> str:
    name = "".join(letter for letter in file_name.replace("\\", "/").rsplit("/", 1)[-1] if letter.isprintable())
    return name[-120:] or "file.csv"
