"""How long a line of the ledger counts (docs/decisions/0018)."""

from datetime import date

from dateutil.relativedelta import relativedelta

EARLIER = relativedelta(months=1)  # so that the next device can be ordered before the old one leaves


def counts_until(on: date, months: int) -> date:
    """The first local date on which what was asked for on a date takes nothing from an allowance any more.

    The period begins with each device, not with the calendar: a month before it is over, its holder makes the final
    choice and orders the next one, and finds the allowance whole again. A period of a month is a month.
    """
    over = on + relativedelta(months=months)
    return over - EARLIER if months > 1 else over
