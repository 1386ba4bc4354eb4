from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DeductionQuerySet(models.QuerySet):
    """What one can say of salary deductions."""

    def of(self, person):
        """What is taken from one person's salary, or no longer is."""
        return self.filter(person=person)

    def between(self, first=None, last=None):
        """Written on a local date or after it, up to another; both included."""
        found = self.filter(on__gte=first) if first else self
        return found.filter(on__lte=last) if last else found

    def matching(self, words: str):
        """Those of people who are called so, or for a device or request that is."""
        from velory.people.models import Person

        people = Person.objects.matching(words).values("pk")
        about = models.Q(line__name__icontains=words) | models.Q(line__request__ref__iexact=words)
        return self.filter(models.Q(person__in=people) | about) if words else self

    def with_what_a_list_shows(self):
        """For pages and files: whose, for what; no further query a row."""
        return self.select_related("person", "line__request", "line__order_line__device")

    def newest_first(self):
        """For pages."""
        return self.order_by("-on", "-pk")


class Deduction(models.Model):
    """What is taken from a person's salary for what went over their budget, or no longer is. Never changed.

    VAT included, once or each month for `months`; a line that undoes another has its amount with the other sign.
    """

    class Kind(models.TextChoices):
        DEDUCT = "deduct", _("Deducted")
        REVERSE = "reverse", pgettext_lazy("salary deduction", "Reversed")

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="deductions")
    line = models.ForeignKey("orders.RequestLine", models.PROTECT, related_name="deductions")
    kind = models.CharField(max_length=10, choices=Kind)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    vat = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    currency = models.CharField(max_length=3)
    months = models.PositiveSmallIntegerField(default=0)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    on = models.DateField()
    at = models.DateTimeField()

    objects = DeductionQuerySet.as_manager()

    class Meta:
        verbose_name = _("salary deduction")
        indexes = [models.Index(fields=["on", "id"], name="deduction_day")]
        constraints = [
            models.UniqueConstraint(fields=["line", "kind"], name="deduction_once"),
            models.CheckConstraint(
                condition=models.Q(kind="deduct", amount__gt=0, undoes=None)
                | models.Q(kind="reverse", amount__lt=0, undoes__isnull=False),
                name="deduction_takes_or_gives",
            ),
        ]

    @property
    def device(self):
        """The device that it is for, if it was ordered."""
        ordered = getattr(self.line, "order_line", None)
        return ordered.device if ordered else None

    @property
    def is_reversal(self) -> bool:
        """Whether it gives back."""
        return self.kind == self.Kind.REVERSE

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount} {self.currency}"
