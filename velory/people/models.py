"""Who works here: people with their roles, locations and teams."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.db.models.functions import Coalesce, Concat, Lower
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from velory import clock
from velory.folding import Folded, words_of
from velory.journal.deeds import refuse_stale, see_anew
from velory.journal.models import Entry
from velory.journal.reason import Reason, Refused
from velory.people.factor_settings import FactorSettings
from velory.people.journal import note_change
from velory.post.letters import call_off
from velory.post.models import Letter
from velory.post.reasons import HAS_LEFT
from velory.references import location_reference, person_reference, team_reference


class Location(models.Model):
    """A place where the company works; found by name, whatever its case."""

    ref = models.CharField(max_length=12, unique=True, default=location_reference, editable=False)
    name = models.CharField(_("name"), max_length=80)
    address = models.TextField(_("address"), blank=True)
    approver = models.ForeignKey(
        "people.Person", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("approver")
    )

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="location_name_once")]

    def __str__(self):
        return self.name


class Team(models.Model):
    """A group of people who work together; found by name, whatever its case."""

    ref = models.CharField(max_length=12, unique=True, default=team_reference, editable=False)
    name = models.CharField(_("name"), max_length=80)
    approver = models.ForeignKey(
        "people.Person", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("approver")
    )

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="team_name_once")]

    def __str__(self):
        return self.name


class Role(models.TextChoices):
    """What a person may do in the company (spec 5)."""

    EMPLOYEE = "employee", _("Employee")
    PURCHASE_MANAGER = "purchase_manager", _("Purchase manager")
    ADMIN = "admin", _("Admin")


class PersonQuerySet(models.QuerySet):
    """What one can say of people."""

    def working(self, today):
        """People whose access has not ended: not deactivated and their last day is not over."""
        return self.filter(is_active=True).exclude(last_day_on__lt=today)

    def admins(self):
        """Admins, the longest-serving first."""
        return self.filter(role=Role.ADMIN).order_by("pk")

    def who_stay(self):
        """People whose last day is not known."""
        return self.filter(last_day_on=None)

    def with_address(self):
        """People who can be written to."""
        return self.exclude(email=None)

    def admins_to_write_to(self, today):
        """Admins who work here and can be written to."""
        return self.admins().working(today).with_address()

    def without_access(self, today):
        """People who have been deactivated, or whose last day is over."""
        return self.exclude(pk__in=self.working(today).values("pk"))

    def not_seen_yet(self):
        """People who have never signed in."""
        return self.filter(last_login=None)

    def matching(self, words: str):
        """People in whose name, address or employee number every word occurs."""
        return self.filter(*(models.Q(search__contains=word) for word in words_of(words)))

    def chosen(self, roles, locations, teams):
        """People of the roles, locations and teams that are named; an empty list leaves it open."""
        asked = {"role__in": roles, "location__ref__in": locations, "team__ref__in": teams}
        return self.filter(**{field: values for field, values in asked.items() if values})

    def with_factors(self):
        """With what is asked of them when they sign in (`two_factor_setting`) and whether they have a second factor."""
        factors = Authenticator.objects.filter(user=models.OuterRef("pk")).exclude(type="recovery_codes")
        setting = FactorSettings.objects.filter(pk=1).values("asked_of")
        return self.annotate(two_factor_setting=models.Subquery(setting), has_factor=models.Exists(factors))

    def for_the_list(self):
        """With what a list shows of them."""
        return self.select_related("location", "team")

    def at_address(self, email: str):
        """The person with an e-mail address, whatever its case."""
        return self.filter(email=normal_address(email))


def normal_address(email: str) -> str:
    """An address as it is stored and compared: without blanks around it, in lower case."""
    return email.strip().lower()


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """People, and how they come to be."""

    def invite_first_admin(self, email: str, *, language: str):
        """A new company's first admin, invited by Velory itself. Doing it twice changes nothing."""
        from velory.people.invitations import invite

        person, new = self.get_or_create(
            email=normal_address(email), defaults={"role": Role.ADMIN, "language": language}
        )
        if new:
            invite(person, by=None)
        return person


class Person(AbstractBaseUser):
    """Someone who works, worked or will work here. Dates are the company's local dates, both ends included."""

    ref = models.CharField(max_length=12, unique=True, default=person_reference, editable=False)
    email = models.EmailField(_("e-mail"), unique=True, null=True)
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.EMPLOYEE)
    language = models.CharField(
        _("language"), max_length=2, choices=[("sv", "Svenska"), ("en", "English")], default="sv"
    )
    location = models.ForeignKey(Location, models.PROTECT, null=True, blank=True, verbose_name=_("location"))
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, verbose_name=_("team"))
    approver = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, verbose_name=_("approver"))
    employee_number = models.CharField(_("employee number"), max_length=40, blank=True)
    cost_centre = models.CharField(_("cost centre"), max_length=40, blank=True)
    first_day_on = models.DateField(_("first day"), null=True, blank=True)
    last_day_on = models.DateField(_("last day"), null=True, blank=True)
    is_active = models.BooleanField(_("has access"), default=True)
    invited_at = models.DateTimeField(null=True, editable=False)
    # How often every session was ended
    session_round = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # Kinds of mail that nobody has to get, and this person does not want (reliability R34)
    stopped_mail = models.JSONField(default=list, db_default=models.Value([], models.JSONField()), editable=False)
    search = models.GeneratedField(
        expression=Folded(
            Concat(
                "first_name",
                models.Value(" "),
                "last_name",
                models.Value(" "),
                Coalesce("email", models.Value("")),
                models.Value(" "),
                "employee_number",
                output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = PersonManager()

    USERNAME_FIELD = "email"

    class Meta:
        indexes = [GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="person_search")]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="person_email_lower_case"),
            models.CheckConstraint(
                condition=models.Q(first_day_on=None)
                | models.Q(last_day_on=None)
                | models.Q(last_day_on__gte=models.F("first_day_on")),
                name="person_days_in_order",
            ),
        ]

    def __str__(self):
        return self.get_full_name() or self.email or self.ref

    def get_absolute_url(self):
        return reverse("people:person", args=[self.ref])

    def get_full_name(self):
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def initials(self) -> str:
        """Two letters for the round mark beside a name."""
        return (self.first_name[:1] + self.last_name[:1] or (self.email or "?")[:1]).upper()

    @property
    def is_admin(self) -> bool:
        """Whether this person is an admin of the company."""
        return self.role == Role.ADMIN

    @property
    def journal(self):
        """What happened to this person, oldest first."""
        return Entry.objects.about(self)

    @property
    def open_invitation(self):
        """The invitation that could still be accepted, or None."""
        return self.invitations.filter(accepted_at=None, revoked_at=None).first()

    # How a person comes and goes. Each verb holds the row and writes the journal

    @classmethod
    def add(cls, *, by, at, **facts) -> "Person":
        """Somebody new, known from now on; invited by a verb of their own."""
        with transaction.atomic():
            person = cls.objects.create(**facts)
            note_change(person, "added", by=by, at=at)
        return person

    def change(self, *, by, at, version=None, **facts) -> list[str]:
        """Other facts about somebody; returns which. A new address ends what was sent to the old one.

        `version` is the journal's that the reader saw; Refused where something has happened since.
        """
        with transaction.atomic():
            before = self.take_hold()
            refuse_stale(self, version)
            changed = [name for name, value in facts.items() if getattr(before, name) != value]
            for name in changed:
                setattr(self, name, facts[name])
            if changed:
                self._keep_an_admin(before, today=clock.local_date(at))
                self.save(update_fields=changed)
                self._after_change(changed, by=by, at=at)
        return changed

    def end_access(self, *, by, at) -> None:
        """No signing in from this moment: sessions end, an open invitation and letters still to go are taken back."""
        with transaction.atomic():
            before = self.take_hold()
            if not self.is_active:
                return
            self.is_active = False
            self._keep_an_admin(before, today=clock.local_date(at))
            self.save(update_fields=["is_active"])
            self.take_invitation_back(at)
            call_off(Letter.objects.to_person(self), HAS_LEFT)
            note_change(self, "ended_access", by=by, at=at)

    def give_access(self, *, by, at) -> None:
        """Signing in again; a last day that is over is forgotten."""
        with transaction.atomic():
            self.take_hold()
            if self.works_on(clock.local_date(at)):
                return
            self.is_active = True
            self.last_day_on = None
            self.save(update_fields=["is_active", "last_day_on"])
            note_change(self, "gave_access", by=by, at=at)

    def end_sessions(self) -> None:
        """Whoever is signed in as this person, on whatever device, no longer is. Their row must be held."""
        self.session_round += 1
        self.save(update_fields=["session_round"])

    def _get_session_auth_hash(self, secret=None):
        """What a session has to show: another password ends it, and so does another round."""
        if not self.session_round:
            return super()._get_session_auth_hash(secret=secret)  # type: ignore[misc] # its stubs leave it out
        shown = f"{self.password}\n{self.session_round}"
        return salted_hmac("velory.people.session", shown, secret=secret, algorithm="sha256").hexdigest()

    def take_hold(self) -> "Person":
        """Keep others off the row until the transaction ends, and see it as it is; returns it as it was.

        Of an admin, all admins are held, always in the same order: two who demote each other wait in line.
        """
        if self.role == Role.ADMIN:
            list(type(self).objects.admins().select_for_update(of=("self",)))
        before = type(self).objects.select_for_update(of=("self",)).get(pk=self.pk)
        see_anew(self, before)
        self._state.fields_cache.clear()
        return before

    def _keep_an_admin(self, before, *, today):
        was = before.role == Role.ADMIN and before.works_on(today)
        stays = self.role == Role.ADMIN and self.works_on(today)
        if was and not stays and not self._other_admins(today).exists():
            raise Refused(
                Reason("last_admin", gettext("There would be no admin left. Make somebody else an admin first."))
            )
        leaves = stays and self.last_day_on is not None and self.last_day_on != before.last_day_on
        if was and leaves and not self._other_admins(today).who_stay().exists():
            raise Refused(
                Reason(
                    "last_admin",
                    gettext("There would be no admin left after that day. Make somebody else an admin first."),
                )
            )

    def _other_admins(self, today):
        return type(self).objects.admins().working(today).exclude(pk=self.pk)

    def _after_change(self, changed, *, by, at):
        if "role" in changed:
            note_change(self, f"made_{self.role}", by=by, at=at)
        if "email" in changed:
            self.take_invitation_back(at)
            note_change(self, "given_address", by=by, at=at)
        if rest := sorted(set(changed) - {"role", "email"}):
            note_change(self, "changed", by=by, at=at, fields=rest)

    def take_invitation_back(self, at) -> None:
        """End the open invitation, if there is one."""
        self.invitations.filter(accepted_at=None, revoked_at=None).update(revoked_at=at)

    def speak(self, language: str) -> None:
        """Be written to and shown pages in a language from now on."""
        self.language = language
        self.save(update_fields=["language"])

    def works_on(self, today) -> bool:
        """Whether this person has access on a local date."""
        return self.is_active and (self.last_day_on is None or self.last_day_on >= today)


class Invitation(models.Model):
    """A letter that lets a person choose a password: once, for that address, until it ends (reliability R64)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="invitations")
    token = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")  # empty: Velory itself
    email = models.EmailField()
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="invitation_one_open",
            )
        ]

    def __str__(self):
        return self.email
