import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Customer(models.Model):
    """What a person is called at one account at Stripe, so that a card can be saved there: their e-mail and our marks,
    nothing else.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    account = models.CharField(max_length=60)
    livemode = models.BooleanField()
    provider_id = models.CharField(max_length=120, blank=True)
    request = models.JSONField(default=dict)
    tries = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = _("customer at Stripe")
        constraints = [models.UniqueConstraint(fields=["person", "account", "livemode"], name="customer_once")]

    def __str__(self):
        return self.provider_id or str(self.uuid)

    @classmethod
    def held(cls, pk: int) -> "Customer":
        """The row as it is now, with others kept off it until the transaction ends."""
        return cls.objects.select_for_update(of=("self",)).select_related("person").get(pk=pk)

    def note(self, **facts) -> None:
        """Keep facts on the row, which the caller holds."""
        for name, value in facts.items():
            setattr(self, name, value)
        self.save(update_fields=list(facts))
