from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from velory.journal.deeds import write
from velory.journal.reason import Reason, Refused
from velory.references import view_reference

MOST = 50  # of one person; tabs and menus stay such


class SavedViewQuerySet(models.QuerySet):
    """What one can say of saved views."""

    def visible_to(self, person):
        """One's own, and those that are shared; for admins alone, as is the table that they show."""
        if not person.is_admin:
            return self.none()
        return self.filter(models.Q(owner=person) | models.Q(shared=True)).select_related("owner")

    def by_name(self):
        """In the order of their names; namesakes by age."""
        return self.order_by(Lower("name"), "pk")


class SavedView(models.Model):
    """What an admin looks for in the hardware again and again: filters, search, order and columns under a name.

    `query` is the address's own, so that a filter whose value is gone still means what it meant: no device.
    """

    ref = models.CharField(max_length=12, unique=True, default=view_reference, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", editable=False)
    name = models.CharField(gettext_lazy("name"), max_length=60)
    query = models.TextField(gettext_lazy("what it shows"), blank=True, editable=False)
    shared = models.BooleanField(gettext_lazy("shared with all admins"), default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("saved view")
        constraints = [models.UniqueConstraint("owner", Lower("name"), name="saved_view_name_once")]

    def __str__(self):
        """Its name, where everybody may read it: the journal does not tell what somebody keeps to themselves."""
        return self.name if self.shared else self.ref

    def get_absolute_url(self):
        """The table as it shows it."""
        return f"{reverse('assets:hardware')}?saved={self.ref}"

    @classmethod
    def keep(cls, *, by, at, name: str, query: str, shared: bool) -> "SavedView":
        """A new view. Refused where somebody has one of that name, or too many."""
        with transaction.atomic():
            cls._one_at_a_time(by)
            if cls.objects.filter(owner=by).count() >= MOST:
                raise Refused(Reason("many", _("You have %d saved views. Delete one that you no longer use.") % MOST))
            view = cls(owner=by, name=name, query=query, shared=shared)
            view._save()
            write(view, "keep", by=by, at=at)
        return view

    def may_be_changed_by(self, person, today) -> bool:
        """Its owner; any admin, once the owner of a shared one is no admin here any more."""
        return self.owner_id == person.pk or (self.shared and not (self.owner.is_admin and self.owner.works_on(today)))

    def change(self, *, by, at, **facts) -> None:
        """Another name, shared or not, or what it shows from now on."""
        with transaction.atomic():
            now = type(self).objects.select_for_update().get(pk=self.pk)
            changed = {name: value for name, value in facts.items() if getattr(now, name) != value}
            if not changed:
                return
            for name, value in changed.items():
                setattr(self, name, value)
            self._save()
            write(self, "change", by=by, at=at, details={"fields": sorted(changed)})

    def forget(self, *, by, at) -> None:
        """It is gone; the devices that it showed are as they were."""
        with transaction.atomic():
            type(self).objects.select_for_update().get(pk=self.pk)
            write(self, "forget", by=by, at=at)
            self.delete()

    def _save(self):
        try:
            with transaction.atomic():
                self.save()
        except IntegrityError:
            raise Refused(Reason("name", _("There is a view of that name already. Choose another name."))) from None

    @staticmethod
    def _one_at_a_time(person):
        get_user_model()._base_manager.select_for_update(no_key=True).get(pk=person.pk)


class ColumnChoice(models.Model):
    """Which columns a person wants in the hardware table, besides the device and its status."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    columns = models.JSONField(default=list)

    class Meta:
        verbose_name = gettext_lazy("choice of columns")

    def __str__(self):
        return ", ".join(self.columns)

    @classmethod
    def of(cls, person) -> list[str] | None:
        """What somebody has chosen; None where they have not."""
        return cls.objects.filter(person=person).values_list("columns", flat=True).first()

    @classmethod
    def remember(cls, person, columns: list[str]) -> None:
        """From now on these stand in the table."""
        cls.objects.update_or_create(person=person, defaults={"columns": columns})

    @classmethod
    def forget(cls, person) -> None:
        """The usual ones stand there again."""
        cls.objects.filter(person=person).delete()
