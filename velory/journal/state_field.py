"""A status that steps alone may write.

django-fsm's own protection is one flag for the whole process; this one is per instance: reading from the
database always works, assigning never does, and a save succeeds only while the row still has the status
that this object was read with (reliability, finding 4).
"""

from django.db import models
from django.db.models.signals import class_prepared
from django_fsm import ConcurrentTransition, FSMField, FSMFieldDescriptor


class _Guarded(FSMFieldDescriptor):
    def __set__(self, instance, value):
        kept = instance.__dict__
        name = self.field.name
        if name in kept and kept[name] != value and not kept.get("_reading"):
            raise AttributeError(f"{type(instance).__name__}.{name} changes only through its steps.")
        self.field.set_proxy(instance, value)
        self.field.set_state(instance, value)


class StateField(FSMField):
    """The status of a thing with a life."""

    descriptor_class = _Guarded

    def contribute_to_class(self, cls, name, private_only=False, **kwargs):
        """Stand on a model. The models that migrations make are many and have no steps: they are not listened to."""
        super().contribute_to_class(cls, name, private_only=private_only, **kwargs)
        if cls.__module__ == "__fake__":
            class_prepared.disconnect(self._collect_transitions)


class Stateful(models.Model):
    """A model with a guarded status: compare-and-set on save."""

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db, field_names, values, **kwargs):
        thing = super().from_db(db, field_names, values, **kwargs)
        thing._remember()
        return thing

    def _remember(self):
        names = [f.attname for f in self._meta.concrete_fields if isinstance(f, StateField)]
        self.__dict__["_in_database"] = {n: self.__dict__[n] for n in names if n in self.__dict__}

    def refresh_from_db(self, *args, **kwargs):
        self.__dict__["_reading"] = True
        try:
            super().refresh_from_db(*args, **kwargs)
        finally:
            self.__dict__.pop("_reading", None)
        self._remember()

    def _do_update(self, base_qs, using, pk_val, values, update_fields, forced_update, *rest, **kwargs):
        written = {field.attname for field, _, _ in values}
        known = {n: v for n, v in self.__dict__.get("_in_database", {}).items() if n in written}
        done = super()._do_update(
            base_qs.filter(**known), using, pk_val, values, update_fields, forced_update, *rest, **kwargs
        )
        if not done and known and base_qs.filter(pk=pk_val).using(using).exists():
            raise ConcurrentTransition(f"{type(self).__name__} {pk_val} has left {known} meanwhile.")
        return done

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        self._remember()
