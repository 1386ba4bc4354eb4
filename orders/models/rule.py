from django.db import models
from django.utils.translation import gettext_lazy as _

from velory.people.models import Role
from velory.references import reference


def rule_reference() -> str:
    """A rule's reference."""
    return reference("R")


class RuleQuerySet(models.QuerySet):
    """What one can say of rules."""

    def in_order(self):
        """The first one that fits a person decides."""
        return self.select_related("budget", "location", "team").order_by("position", "pk")

    def in_force(self):
        """In order, without those whose budget is archived."""
        return self.in_order().filter(budget__archived_at=None)


class Rule(models.Model):
    """Who gets which budget by what is known of them. Everything that a rule names must fit."""

    ref = models.CharField(max_length=12, unique=True, default=rule_reference, editable=False)
    position = models.PositiveSmallIntegerField(_("position"))
    budget = models.ForeignKey("orders.Budget", models.PROTECT, related_name="rules", verbose_name=_("budget"))
    location = models.ForeignKey(
        "people.Location", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("location")
    )
    team = models.ForeignKey(
        "people.Team", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    cost_centre = models.CharField(_("cost centre"), max_length=40, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role, blank=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(location=None, team=None, cost_centre="", role=""), name="rule_names_something"
            ),
        ]

    def __str__(self):
        return f"{self.said} → {self.budget}"

    @property
    def said(self) -> str:
        """Whom it means, in words."""
        parts = [self.location, self.team, self.cost_centre, self.get_role_display() if self.role else ""]
        return ", ".join(str(part) for part in parts if part)

    def fits(self, person) -> bool:
        """Whether all that it names is so of a person."""
        return (
            self.location_id in (None, person.location_id)
            and self.team_id in (None, person.team_id)
            and self.cost_centre.casefold() in ("", person.cost_centre.casefold())
            and self.role in ("", person.role)
        )
