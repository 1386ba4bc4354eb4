"""What an admin has to look at: a mismatch, a refund that failed, a dispute, a finding of a comparison.

Each waits until somebody says what came of it; saying so changes no money and is journalled. What it is told from are
the rows that payments keep anyway, so nothing can be forgotten here.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from velory.journal.deeds import write
from velory.journal.reason import Reason, Refused
from velory.journal.sentences import says
from velory.payments.models import Attempt, Finding, Look, Money, Refund

ALREADY = "already"


# What waits, in the language of querysets


def mismatches():
    """Payments that Stripe tells differently, at which nobody has looked since."""
    looked = Look.objects.filter(matter=Look.Matter.MISMATCH, attempt=OuterRef("pk"), at__gte=OuterRef("moved_at"))
    return Attempt.objects.mismatched().exclude(Exists(looked))


def failed_refunds():
    """Refunds that failed: the money is still owed, and nobody has settled it otherwise."""
    return Refund.objects.needing_attention()


def disputes():
    """Disputes that are neither won nor lost, at which nobody has looked."""
    over = Money.objects.of_kind("dispute_won", "dispute_lost").filter(provider_id=OuterRef("provider_id"))
    pending = Money.objects.of_kind("dispute").exclude(Exists(over))
    looked = Look.objects.filter(matter=Look.Matter.DISPUTE, key=OuterRef("provider_id"))
    return pending.exclude(Exists(looked))


def findings():
    """What a comparison found, which nobody has explained."""
    return Finding.objects.unexplained()


def needing_attention():
    """The payments that an admin has to see to."""
    return Attempt.objects.filter(
        Q(pk__in=mismatches().values("pk"))
        | Q(pk__in=failed_refunds().values("attempt"))
        | Q(pk__in=disputes().values("attempt"))
    )


@dataclass(frozen=True)
class Waiting:
    """So many of one kind wait, the oldest since a moment."""

    code: str
    count: int
    oldest_at: datetime | None
    title: str
    about: str

    @property
    def matter(self) -> str:
        """What each of them is called on the page that tells them one by one."""
        return TOLD_AS[self.code]


TOLD_AS = {
    "payment_mismatch": "mismatch", "refund_failed": "refund", "payment_disputed": "dispute",
    "payment_finding": "finding",
}  # fmt: skip


def waiting() -> list[Waiting]:
    """What waits for the admins, kind by kind."""
    return [
        _counted("payment_mismatch", mismatches(), "moved_at", _("Payments that do not match"),
                 _("Stripe tells them differently. Nothing was handed over for them.")),
        _counted("refund_failed", failed_refunds(), "finished_at", _("Refunds that failed"),
                 _("The money is still owed to the person who paid.")),
        _counted("payment_disputed", disputes(), "at", _("Disputed payments"),
                 _("The payer’s bank asks for the money back. It is answered at Stripe.")),
        _counted("payment_finding", findings(), "comparison__made_at", _("Differences from Stripe’s books"),
                 _("The nightly comparison found them, and nobody has explained them.")),
    ]  # fmt: skip


def _counted(code, rows, moment, title, about):
    figures = rows.order_by().aggregate(oldest=Min(moment))
    return Waiting(code, rows.count(), figures["oldest"], title, about)


def how_many_wait() -> int:
    """All of them together."""
    return mismatches().count() + failed_refunds().count() + disputes().count() + findings().count()


# Saying what came of it


def look_at_mismatch(attempt: Attempt, *, note: str, by, at: datetime) -> Look:
    """An admin has looked at a payment that does not match. Refused where it matches, or somebody was first."""
    with transaction.atomic():
        held = Attempt.objects.select_for_update().get(pk=attempt.pk)
        if held.state != Attempt.State.MISMATCH:
            raise Refused(Reason("over", _("This payment is no longer one that does not match.")))
        return keep_look(held, Look.Matter.MISMATCH, key_of_mismatch(held), "look_at_mismatch", note=note, by=by, at=at)


def key_of_mismatch(attempt: Attempt) -> str:
    """What exactly was looked at: this payment as it has stood since it moved last."""
    return f"{attempt.ref}/{attempt.moved_at.isoformat()}"


def look_at_dispute(attempt: Attempt, dispute: str, *, note: str, by, at: datetime) -> Look:
    """An admin has looked at a dispute."""
    with transaction.atomic():
        held = Attempt.objects.select_for_update().get(pk=attempt.pk)
        if not held.money.of_kind("dispute").filter(provider_id=dispute).exists():
            raise Refused(Reason("over", _("This payment has no such dispute.")))
        return keep_look(held, Look.Matter.DISPUTE, dispute, "look_at_dispute", note=note, by=by, at=at)


def keep_look(attempt: Attempt, matter: str, key: str, deed: str, *, note: str, by, at: datetime) -> Look:
    """Write down that somebody looked, once; the caller holds the payment."""
    if Look.objects.filter(matter=matter, key=key).exists():
        raise Refused(Reason(ALREADY, _("Somebody has looked at this already.")))
    look = Look.objects.create(attempt=attempt, matter=matter, key=key, note=note, by=by, at=at)
    write(attempt, deed, by=by, at=at, details={"note": note, "key": key})
    return look


def settle_refund(refund: Refund, *, note: str, by, at: datetime) -> Refund:
    """A refund that failed was settled in another way, or need not be: an admin says how."""
    with transaction.atomic():
        attempt = Attempt.objects.select_for_update().get(pk=refund.attempt_id)
        held = Refund.objects.select_for_update().get(pk=refund.pk)
        if held.state != Refund.State.FAILED:
            raise Refused(Reason("over", _("This refund has not failed.")))
        if held.settled_at:
            raise Refused(Reason(ALREADY, _("Somebody has settled this already.")))
        held.settled_at, held.settled_by = at, by
        held.save(update_fields=["settled_at", "settled_by"])
        write(attempt, "settle_refund", by=by, at=at, details={"note": note, "refund": held.ref})
    return held


def explain(finding: Finding, *, note: str, by, at: datetime) -> Finding:
    """What lies behind a finding of a comparison, in an admin's words."""
    with transaction.atomic():
        held = Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
        if held.explained_at:
            raise Refused(Reason(ALREADY, _("Somebody has explained this already.")))
        held.explained_at, held.explained_by, held.explanation = at, by, note
        held.save(update_fields=["explained_at", "explained_by", "explanation"])
        write(held, "explain", by=by, at=at, details={"note": note})
    return held


says("payments.attempt", "look_at_mismatch", gettext_lazy("{by} looked at what did not match: {note}"))
says("payments.attempt", "look_at_dispute", gettext_lazy("{by} looked at dispute {key}: {note}"))
says("payments.attempt", "settle_refund", gettext_lazy("{by} settled refund {refund}, which had failed: {note}"))
says("payments.finding", "explain", gettext_lazy("{by} explained it: {note}"))
