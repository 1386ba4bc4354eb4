from django.db import models
from django.utils.translation import gettext_lazy as _


class Policy(models.Model):
    """How this company wants its devices renewed: one row."""

    one_off_reminder = models.BooleanField(_("remind holders of devices bought outright"), default=True)

    class Meta:
        verbose_name = _("renewal policy")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="renewal_policy_one_row")]

    def __str__(self):
        return "renewal policy"

    @classmethod
    def here(cls):
        """The current company's policy, as it begins where nobody has changed it."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    @classmethod
    def to_change(cls):
        """The same as a row that can be held."""
        return cls.objects.get_or_create(pk=1)[0]
