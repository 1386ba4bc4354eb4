"""Support access: who of Velory looks at a company's pages, why, with whose leave, until when, and at what."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from velory.journal.deeds import see_anew, write
from velory.journal.reason import Reason, Refused
from velory.one_row import OneRow
from velory.references import reference
from velory.sealing import digest

HOURS = (1, 2, 4)  # how long it may be asked for; the first unless another is said
ANSWER_WITHIN = timedelta(days=7)  # what no admin has answered by then is over
LINK_FOR = timedelta(minutes=5)  # the way in, from the console to the company's host


def access_reference() -> str:
    """A support access's reference."""
    return reference("S")


class SupportSettings(OneRow):
    """Whether support may look: one row."""

    class May(models.TextChoices):
        WHEN_ALLOWED = "when_allowed", gettext_lazy("Only when an admin allows it, each time")
        WITH_NOTICE = "with_notice", gettext_lazy("Always, and the admins get a mail each time")

    support_may_look = models.CharField(
        gettext_lazy("Velory’s support may look at these pages"),
        max_length=20,
        choices=May,
        default=May.WHEN_ALLOWED,
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="support_settings_one_row")]
        verbose_name = gettext_lazy("support settings")


class SupportAccessQuerySet(models.QuerySet):
    """What one can say of support accesses."""

    def waiting(self, at):
        """Asked for, and no admin has answered."""
        return self.filter(state=SupportAccess.State.ASKED, asked_at__gt=at - ANSWER_WITHIN)

    def good_at(self, at):
        """Allowed, and neither over nor ended."""
        return self.filter(state=SupportAccess.State.ALLOWED, ends_at__gt=at)

    def newest_first(self):
        """For pages: the latest first."""
        return self.order_by("-asked_at", "-pk")


class SupportAccess(models.Model):
    """One time that support looks at this company's pages. Moments are UTC.

    Its time runs from the leave: `ends_at` is the leave and the hours that were asked for. The way in is a secret that
    holds for five minutes and once; the row keeps its digest.
    """

    class State(models.TextChoices):
        ASKED = "asked", gettext_lazy("Waiting for an admin")
        ALLOWED = "allowed", gettext_lazy("Allowed")
        REFUSED = "refused", gettext_lazy("Refused")
        ENDED = "ended", gettext_lazy("Ended")

    ref = models.CharField(max_length=12, unique=True, default=access_reference, editable=False)
    operator_ref = models.CharField(max_length=12)
    operator_name = models.CharField(max_length=200)
    why = models.CharField(max_length=500)
    ticket = models.CharField(max_length=60, blank=True)
    hours = models.PositiveSmallIntegerField(default=HOURS[0])
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    answered_by_name = models.CharField(max_length=200, blank=True)  # empty: by the company's setting
    answered_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=200, blank=True)  # empty: by itself
    looks = models.PositiveIntegerField(default=0)
    token = models.CharField(max_length=64, blank=True, editable=False)
    token_until = models.DateTimeField(null=True, editable=False)

    objects = SupportAccessQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(hours__in=HOURS), name="support_hours"),
            models.CheckConstraint(
                condition=~models.Q(state="allowed") | models.Q(ends_at__isnull=False), name="support_ends"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__lte=F("answered_at") + timedelta(hours=HOURS[-1])),
                name="support_four_hours_at_most",
            ),
        ]
        indexes = [models.Index(fields=["-asked_at", "-id"], name="support_newest")]
        verbose_name = gettext_lazy("support access")

    def __str__(self):
        return self.ref

    def get_absolute_url(self):
        return reverse("support:access", args=[self.ref])

    def is_good_at(self, at) -> bool:
        """Whether support may look at a moment."""
        return self.state == self.State.ALLOWED and at < self.ends_at

    def waits_at(self, at) -> bool:
        """Whether an admin can still answer."""
        return self.state == self.State.ASKED and at < self.asked_at + ANSWER_WITHIN

    def standing(self, at) -> str:
        """How it stands, in words."""
        if self.state == self.State.ALLOWED and at >= self.ends_at:
            return str(self.State.ENDED.label)
        if self.state == self.State.ASKED and not self.waits_at(at):
            return _("Nobody answered")
        return str(self.get_state_display())

    # What happens to it

    @classmethod
    def ask(cls, *, operator_ref, operator_name, why, ticket="", hours=HOURS[0], at) -> "SupportAccess":
        """An operator wants to look. Where the company allows it always, the leave is there at once."""
        from velory.agenda import book
        from velory.support import notices

        with transaction.atomic():
            access = cls.objects.create(
                operator_ref=operator_ref, operator_name=operator_name, why=why, ticket=ticket, hours=hours, asked_at=at
            )
            access._note("ask", at=at, operator=operator_name, why=why, ticket=ticket, hours=hours)
            if SupportSettings.here().support_may_look == SupportSettings.May.WITH_NOTICE:
                access._allow(None, at)
                notices.support_looks(access, at=at)
            else:
                notices.support_asks(access, at=at)
                book.put("support.forget", access.ref, at + ANSWER_WITHIN)
        return access

    def allow(self, *, by, at) -> None:
        """An admin gives leave. Raises Refused where it no longer waits."""
        with transaction.atomic():
            self._hold()
            self._refuse_unless(self.waits_at(at), at)
            self._allow(by, at)

    def refuse(self, *, by, at) -> None:
        """An admin says no."""
        with transaction.atomic():
            self._hold()
            self._refuse_unless(self.waits_at(at), at)
            self.state, self.answered_by, self.answered_by_name, self.answered_at = (
                self.State.REFUSED, by, str(by), at,
            )  # fmt: skip
            self.save()
            self._note("refuse", by=by, at=at, operator=self.operator_name)

    def way_in(self, *, at) -> str:
        """A secret for the address at the company's host: for five minutes, once. An earlier one is void."""
        with transaction.atomic():
            self._hold()
            self._refuse_unless(self.is_good_at(at), at)
            raw = secrets.token_urlsafe(32)
            self.token, self.token_until = digest(raw), min(at + LINK_FOR, self.ends_at)
            self.save(update_fields=["token", "token_until"])
        return raw

    @classmethod
    def behind(cls, raw: str, *, at) -> "SupportAccess | None":
        """The access that a secret opens now, or None."""
        return cls.objects.good_at(at).filter(token=digest(raw), token_until__gt=at).first() if raw else None

    @classmethod
    def enter(cls, raw: str, *, at) -> "SupportAccess | None":
        """Use up a secret and look from now on; None where it opens nothing (any more)."""
        with transaction.atomic():
            access = cls.behind(raw, at=at)
            if access is None:
                return None
            access._hold()
            if access.token != digest(raw) or not access.is_good_at(at):
                return None
            access.token, access.token_until, access.opened_at = "", None, access.opened_at or at
            access.save(update_fields=["token", "token_until", "opened_at"])
            access._note("open", at=at, operator=access.operator_name)
        return access

    def end(self, *, at, by=None, operator: str = "") -> None:
        """It is over: an admin ends it, the operator does, or its time is up. Twice is once."""
        with transaction.atomic():
            self._hold()
            if self.state not in {self.State.ASKED, self.State.ALLOWED}:
                return
            self.state, self.ended_at, self.ended_by_name = self.State.ENDED, at, str(by or operator)
            self.token, self.token_until = "", None
            self.save()
            self._note("end", by=by, at=at, operator=self.operator_name, ended_by=operator, looks=self.looks)

    def look_at(self, path: str, *, at) -> None:
        """One page more was looked at."""
        SupportLook.objects.create(access=self, path=path[:200], at=at)
        type(self).objects.filter(pk=self.pk).update(looks=F("looks") + 1)

    def _allow(self, by, at):
        from velory.agenda import book

        self.state, self.answered_by, self.answered_by_name, self.answered_at = (
            self.State.ALLOWED, by, str(by or ""), at,
        )  # fmt: skip
        self.ends_at = at + timedelta(hours=self.hours)
        self.save()
        self._note("allow", by=by, at=at, operator=self.operator_name, hours=self.hours)
        book.put("support.end", self.ref, self.ends_at)

    def _hold(self):
        held = type(self).objects.select_for_update(of=("self",)).get(pk=self.pk)
        see_anew(self, held)

    def _refuse_unless(self, so, at):
        if not so:
            raise Refused(Reason("over", _("This support access has moved on: %s.") % self.standing(at)))

    def _note(self, deed, *, at, by=None, **details):
        write(self, deed, by=by, at=at, details=details, role="admin" if by else "operator")


class SupportLook(models.Model):
    """One page that support looked at: its address and when (UTC). What stood on it is not kept."""

    access = models.ForeignKey(SupportAccess, models.CASCADE, related_name="pages")
    path = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["access", "-at"], name="support_look_newest")]

    def __str__(self):
        return self.path
