from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from velory.references import reference


def loan_reference() -> str:
    """A loan's reference."""
    return reference("K")


class LoanQuerySet(models.QuerySet):
    """What one can say of loans."""

    def out(self):
        """Lent, and not back."""
        return self.filter(returned_at=None)

    def overdue(self, today):
        """Out past their day."""
        return self.out().filter(due_on__lt=today)

    def to(self, person):
        """Those to one person."""
        return self.filter(person=person)


class Loan(models.Model):
    """A device that somebody has for the time being, mostly while theirs is in repair. `due_on` is a local date."""

    ref = models.CharField(max_length=12, unique=True, default=loan_reference, editable=False)
    device = models.ForeignKey("assets.Device", models.PROTECT, related_name="loans")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="loans")
    case = models.ForeignKey("repairs.Case", models.PROTECT, null=True, blank=True, related_name="loans")
    due_on = models.DateField(_("due"))
    lent_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)

    objects = LoanQuerySet.as_manager()

    class Meta:
        verbose_name = _("loan")
        constraints = [
            models.UniqueConstraint(fields=["device"], condition=models.Q(returned_at=None), name="loan_out_once"),
            models.CheckConstraint(
                condition=models.Q(returned_at=None) | models.Q(returned_at__gte=models.F("lent_at")),
                name="loan_moments_in_order",
            ),
        ]
        indexes = [models.Index(fields=["returned_at", "due_on"], name="loan_due")]

    def __str__(self):
        return f"{self.device}: {self.person}"
