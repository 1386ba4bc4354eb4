"""What one row of an import does, or why nothing."""

from django.db import models

from assets.importing.faults import Fault


class ImportRowQuerySet(models.QuerySet):
    """What one can say of rows."""

    def waiting(self):
        """To be applied still, in the file's order."""
        return self.filter(applied_at=None, verdict__in=["created", "changed"]).order_by("number")

    def refuse_waiting(self, fault: Fault) -> None:
        """Nothing of what waits is applied, for the same reason in each row."""
        left = self.waiting().order_by()
        left.exclude(person_verdict="").update(person_verdict="refused")
        left.exclude(device_verdict="").update(device_verdict="refused")
        left.update(verdict="refused", faults=[fault.stored()])

    def with_verdict(self, verdict: str):
        """Rows that were created, changed, left unchanged or refused, in the file's order."""
        return self.filter(verdict=verdict).order_by("number")


class ImportRow(models.Model):
    """What one row does: a verdict, for its person and its device, what is written, or why nothing is."""

    of_import = models.ForeignKey("assets.Import", models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10)
    person_verdict = models.CharField(max_length=10, blank=True)
    device_verdict = models.CharField(max_length=10, blank=True)
    email = models.CharField(max_length=254, blank=True)
    who = models.CharField(max_length=160, blank=True)
    what = models.CharField(max_length=120, blank=True)
    key = models.CharField(max_length=60, blank=True)
    plan = models.JSONField(default=dict)
    faults = models.JSONField(default=list)
    applied_at = models.DateTimeField(null=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of_import", "number"], name="import_row_once")]
        indexes = [
            models.Index(fields=["of_import", "verdict", "number"], name="import_row_verdict"),
        ]

    def __str__(self):
        return f"{self.number}: {self.verdict}"

    @classmethod
    def of(cls, an_import, planned) -> "ImportRow":
        """A row as it was planned."""
        return cls(
            of_import=an_import, number=planned.number, verdict=planned.verdict, email=planned.email,
            person_verdict=planned.person_verdict, device_verdict=planned.device_verdict, who=planned.who,
            what=planned.what, key=planned.key, plan=planned.stored(),
            faults=[fault.stored() for fault in planned.faults[:10]],
        )  # fmt: skip

    @property
    def reasons(self) -> list[Fault]:
        """Why it is refused."""
        return [Fault.of(stored) for stored in self.faults]

    def refuse(self, fault: Fault) -> None:
        """The world has moved since the preview: nothing of this row is applied."""
        self.verdict = "refused"
        self.person_verdict = "refused" if self.person_verdict else ""
        self.device_verdict = "refused" if self.device_verdict else ""
        self.faults = [fault.stored()]
