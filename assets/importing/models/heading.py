"""What this company's files call the columns."""

from django.db import models

from assets.importing.columns import column_for, normal_heading


class RememberedHeadingQuerySet(models.QuerySet):
    """What this company's files call the columns."""

    def known(self) -> dict[str, str]:
        """Column by heading; an empty text where the heading is left out."""
        return dict(self.values_list("heading", "column"))

    def remember(self, headings, mapping) -> None:
        """Keep what was chosen for headings that do not speak for themselves."""
        pairs = [(normal_heading(h), column_for(h), code) for h, code in zip(headings, mapping, strict=True) if h]
        chosen = {heading: code for heading, by_itself, code in pairs if by_itself != code or not code}
        RememberedHeading.objects.bulk_create(
            [RememberedHeading(heading=heading, column=code) for heading, code in chosen.items()],
            update_conflicts=True, unique_fields=["heading"], update_fields=["column"],
        )  # fmt: skip
        said_again = [heading for heading, _by_itself, _code in pairs if heading not in chosen]
        self.filter(heading__in=said_again).delete()


class RememberedHeading(models.Model):
    """A heading of this company's files and the column that it stands for; an empty column is left out."""

    heading = models.CharField(max_length=200, unique=True)
    column = models.CharField(max_length=40, blank=True)

    objects = RememberedHeadingQuerySet.as_manager()

    def __str__(self):
        return f"{self.heading}: {self.column}"
