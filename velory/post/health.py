"""Whether letters arrive and jobs are done, in figures: each is counted as the list behind its address counts it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from velory.agenda.health import job_health
from velory.post.models import Letter

DAYS = 30
TROUBLE = {"bounced", "failed"}
S = Letter.State


@dataclass(frozen=True)
class Figure:
    """A number with its name and the list that it counts; `is_trouble` where it should be nought."""

    code: str
    label: str
    count: int
    url: str
    is_trouble: bool = False

    @property
    def worries(self) -> bool:
        """Whether somebody should look."""
        return self.is_trouble and self.count > 0


def mail_health(at: datetime) -> list[Figure]:
    """What became of the letters of the last 30 days, with one query."""
    letters = Letter.objects.of_the_last(DAYS, at).order_by().values("state")
    counted = dict(letters.annotate(number=Count("pk")).values_list("state", "number"))
    return [
        Figure(code, label, sum(counted.get(state, 0) for state in states), _sent(states), code in TROUBLE)
        for code, label, states in (
            ("delivered", _("Delivered"), [S.DELIVERED]),
            ("sent", _("Sent, nothing heard yet"), [S.SENT]),
            ("bounced", _("Bounced or marked as spam"), [S.BOUNCED, S.COMPLAINED]),
            ("failed", _("Failed"), [S.FAILED]),
            ("waiting", _("Waiting to be sent"), [S.QUEUED, S.SENDING, S.HELD]),
        )
    ]


def job_figures(at: datetime) -> list[Figure]:
    """What was given up and what is late, with one query."""
    health, page = job_health(at), reverse("post:health")
    return [
        Figure("parked", _("Given up after five tries"), health.parked, f"{page}?state=parked#jobs", is_trouble=True),
        Figure("late", _("Late"), health.late, f"{page}?state=late#jobs", is_trouble=True),
    ]


def _sent(states):
    return f"{reverse('post:sent')}?{urlencode({'state': states, 'days': DAYS}, doseq=True)}"
