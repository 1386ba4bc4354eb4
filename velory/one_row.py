"""What a company has once: its settings of one kind."""

from typing import Self

from django.db import models
from django.utils.text import capfirst


class OneRow(models.Model):
    """Settings of one kind, in one row; as they begin where nobody has changed them. A constraint of each model's own
    keeps a second row out."""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return capfirst(str(self._meta.verbose_name))

    @classmethod
    def here(cls) -> Self:
        """The current company's, to read. Makes no row, so that whoever only looks can ask."""
        return cls._default_manager.filter(pk=1).first() or cls(pk=1)

    @classmethod
    def to_change(cls) -> Self:
        """The same as a row that can be held, made now if it was not there."""
        return cls._default_manager.get_or_create(pk=1)[0]
