"""The nightly comparison with Stripe, account by account: what one side knows alone, what differs (reliability R17).

An account may serve several companies and have a life of its own besides: compared is what carries this company's mark.
A difference is looked at again at once; what that puts right is kept as explained, so that nothing vanishes unseen.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from velory import clock
from velory.payments import gateway
from velory.payments.apply import apply
from velory.payments.errors import Trouble
from velory.payments.models import Attempt, Comparison, Finding, Money, Payee
from velory.payments.seen import Charge, Span
from velory.payments.telling import admins_hear_of_findings
from velory.tenancy.context import current_company

log = logging.getLogger(__name__)

BACK = timedelta(days=45)  # a refund may still fail after weeks
SETTLES = timedelta(minutes=10)  # what is younger may be on its way
PUT_RIGHT = "Read again from Stripe, and put right."


def compare(account: str, *, at: datetime) -> Comparison:
    """Compare what moved on an account in the last weeks. Outside any transaction; again, it finds nothing twice."""
    payee = Payee.objects.at_account(account).first()
    made = Comparison(
        account=account, name=payee.name if payee else account, since=at - BACK, until=at, made_at=at
    )  # fmt: skip
    try:
        odd, made.compared = _odd(account, at)
        left = _still_odd(odd, account, at)
    except Trouble as trouble:
        log.error("Account %s could not be compared: %s", account, type(trouble).__name__)
        odd, left, made.fault = [], [], type(trouble).__name__
    return _keep(made, odd, {_key(finding) for finding in left})


def _keep(made, odd, left):
    with transaction.atomic():
        known = Comparison.objects.filter(account=made.account, until=made.until).first()
        if known is not None:
            return known
        made.save()
        for finding in odd:
            finding.comparison = made
            if _key(finding) not in left:
                finding.explained_at, finding.explanation = made.made_at, PUT_RIGHT
        Finding.objects.bulk_create(odd, ignore_conflicts=True)
        if made.findings.unexplained().exists():
            admins_hear_of_findings(made, at=made.made_at)
    if left:
        log.error("Account %s: %s differences from Stripe that nothing explains.", made.account, len(left))
    return made


def _still_odd(odd, account, at):
    for finding in odd:
        if finding.attempt:
            apply(finding.attempt, at=at)
    return _odd(account, at)[0] if odd else []


def _key(finding):
    return (finding.kind, finding.what, finding.provider_id)


def _odd(account, at) -> tuple[list[Finding], int]:
    """Every difference, and how many charges were compared."""
    theirs, ours = _theirs(account), _ours(account, at)
    known = set(Money.objects.of_kind("charge").filter(provider_id__in=theirs).values_list("provider_id", flat=True))
    found = [_theirs_only(charge) for id_, charge in theirs.items() if id_ not in known]
    for id_, money in ours.items():
        charge = theirs.get(id_) or gateway.charge(id_, account=account)
        found += [_ours_only(money)] if charge is None else _differences(money, charge)
    return found, len(theirs.keys() | ours.keys())


def _theirs(account) -> dict[str, Charge]:
    here, span = str(current_company().uuid), Span(clock.wall() - BACK, clock.wall() - SETTLES)
    found = gateway.charges_between(span, account=account)
    return {charge.id: charge for charge in found if charge.company == here}


def _ours(account, at) -> dict[str, Money]:
    charges = Money.objects.of_kind("charge").filter(account=account, at__gte=at - BACK)
    return {money.provider_id: money for money in charges.select_related("attempt")}


def _theirs_only(charge):
    attempt = Attempt.objects.filter(uuid=charge.attempt).first() if len(charge.attempt) == 36 else None
    return Finding(
        kind=Finding.Kind.THEIRS_ONLY, what="charge", provider_id=charge.id, attempt=attempt,
        theirs_minor=charge.captured, currency=charge.currency,
    )  # fmt: skip


def _ours_only(money):
    return Finding(
        kind=Finding.Kind.OURS_ONLY, what="charge", provider_id=money.provider_id, attempt=money.attempt,
        ours_minor=money.amount_minor, currency=money.currency,
    )  # fmt: skip


def _differences(money, charge):
    back = money.attempt.given_back
    pairs = [("charge", money.amount_minor, charge.captured), ("refund", back, charge.refunded)]
    return [
        Finding(
            kind=Finding.Kind.DIFFERS, what=what, provider_id=charge.id, attempt=money.attempt, ours_minor=ours,
            theirs_minor=theirs, currency=money.currency,
        )
        for what, ours, theirs in pairs
        if ours != theirs
    ]  # fmt: skip
