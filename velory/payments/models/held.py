from typing import Self

from django.db import models


class Held(models.Model):
    """A row that follows something at Stripe: written only while it is held, its version raised with each fact."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def held(cls, pk: int) -> Self:
        """The row as it is now, with others kept off it until the transaction ends."""
        return cls._default_manager.select_for_update(of=("self",)).select_related("payee", "person").get(pk=pk)

    def note(self, **facts) -> None:
        """Keep facts on the row, which the caller holds."""
        for name, value in facts.items():
            setattr(self, name, value)
        self.version += 1
        self.save(update_fields=[*facts, "version"])
