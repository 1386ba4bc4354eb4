"""What payments show elsewhere: to-dos of the admins. Panels stand beside what they show, in own.py."""

from django.urls import reverse
from django.utils.translation import gettext as _

from velory import clock
from velory.payments import gateway
from velory.payments.matters import waiting
from velory.payments.models import Payee
from velory.ui.todos import Todo, todo


@todo(order=10)
def what_waits_about_payments(today):
    """Mismatches, failed refunds, disputes, findings: each counted, with the page that says what to do."""
    address = reverse("money:attention")
    found = [
        Todo(
            one.code, one.count, one.title, one.about, f"{address}#{one.code}",
            oldest_on=clock.local_date(one.oldest_at) if one.oldest_at else None, late=one.count,
        )
        for one in waiting()
    ]  # fmt: skip
    return [*found, accounts_that_take_nothing()] if gateway.set_up() else found


def accounts_that_take_nothing() -> Todo:
    """Payees with an account that takes no cards: whoever would buy from them can't."""
    count = Payee.objects.needing_attention().count()
    return Todo(
        "payee", count, _("Accounts that take no payments"), _("What their owners sell can’t be paid for."),
        f"{reverse('money:payees')}?standing=attention",
    )  # fmt: skip
