"""What happened: one entry for each step in the life of a thing, never changed and never deleted."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from velory.journal.state_field import Stateful
from velory.one_row import OneRow


class EntryQuerySet(models.QuerySet):
    """What one can say of entries."""

    def about(self, thing):
        """The life of one thing, oldest first."""
        return self.filter(about_type=thing._meta.label_lower, about_id=thing.pk).order_by("version")

    def about_each(self, model, pks):
        """The lives of many things of one kind, oldest first."""
        return self.filter(about_type=model._meta.label_lower, about_id__in=pks).order_by("version")

    def version_of(self, thing) -> int:
        """Which entry about a thing is the latest; 0 where there is none."""
        return self.about(thing).aggregate(last=models.Max("version"))["last"] or 0

    def naming(self, words: str):
        """Entries whose person or thing is called so, or has that reference."""
        said = models.Q(by_name__icontains=words) | models.Q(about_name__icontains=words)
        return self.filter(said | models.Q(by_ref__iexact=words) | models.Q(about_ref__iexact=words))

    def of_steps(self, names):
        """Entries of some steps only."""
        return self.filter(step__in=names)

    def between(self, first=None, last=None):
        """Entries from a moment on (included), up to another (excluded)."""
        found = self.filter(at__gte=first) if first else self
        return found.filter(at__lt=last) if last else found

    def newest_first(self):
        """For pages: the latest first."""
        return self.order_by("-at", "-pk")


class Entry(models.Model):
    """One step in the life of one thing: who took it, when (UTC), from where to where, with which facts.

    The person stands here by name and reference, so that the entry outlives them; the database refuses to
    change or delete it.
    """

    about_type = models.CharField(max_length=60)
    about_id = models.BigIntegerField()
    about_ref = models.CharField(max_length=40)
    about_name = models.CharField(max_length=200)
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    by_ref = models.CharField(max_length=12, blank=True)
    by_name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=20)
    acting_for = models.CharField(max_length=200, blank=True)
    step = models.CharField(max_length=40)
    came_from = models.CharField(max_length=30, blank=True)
    went_to = models.CharField(max_length=30, blank=True)
    details = models.JSONField(default=dict)

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["about_type", "about_id", "version"], name="entry_version_once"),
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="entry_newest")]
        verbose_name = _("event")

    def __str__(self):
        return self.sentence

    @property
    def about_in_words(self) -> str:
        """What it is about: the name it had then; settings, which have none, in the reader's language."""
        model = apps.get_model(self.about_type)
        return str(model()) if issubclass(model, OneRow) else self.about_name

    @property
    def sentence(self) -> str:
        """What happened, in the reader's language."""
        from velory.journal.sentences import sentence

        return sentence(self)


class Edge(models.Model):
    """A move that the database itself allows: filled from the declared steps, asked by a trigger (R38)."""

    machine = models.CharField(max_length=60)
    source = models.CharField(max_length=30)
    target = models.CharField(max_length=30)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["machine", "source", "target"], name="edge_once")]

    def __str__(self):
        return f"{self.machine}: {self.source} to {self.target}"


class Lifecycle(Stateful):
    """A thing whose status moves by steps only, each of them written in the journal.

    Its model has `status` (a StateField) and `version`, which counts its entries.
    """

    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    @property
    def journal(self) -> EntryQuerySet:
        """Every entry about this thing, oldest first."""
        return Entry.objects.about(self)

    def take_hold(self) -> None:
        """See the row as it is now, and keep others off it until the transaction ends."""
        assert connection.in_atomic_block, "take_hold() needs a transaction"
        latest = type(self)._base_manager.select_for_update(of=("self",)).get(pk=self.pk)
        self.__dict__.clear()
        self.__dict__.update(latest.__dict__)

    def note_fact(self, name: str, value) -> None:
        """A fact that a step's entry keeps besides its arguments."""
        self.__dict__.setdefault("_facts", {})[name] = value

    @classmethod
    def gathering(cls, things, at) -> AbstractContextManager:
        """While a step is taken of many: a model whose rules write beside its rows writes that once for all of them."""
        return nullcontext()

    def offers(self, by: Any, *, at, but: frozenset[str] = frozenset()) -> list:
        """The steps that lie open from here for a person, each with the reason where it is greyed."""
        from velory.journal.steps import offers

        return offers(self, by, at=at, but=but)
