"""What payments show elsewhere: to-dos of the admins. Panels stand beside what they show, in own.py."""

from django.urls import reverse

from velory import clock
from velory.payments.matters import waiting
from velory.ui.todos import Todo, todo


@todo(order=10)
def what_waits_about_payments(today):
    """Mismatches, failed refunds, disputes, findings: each counted, with the page that says what to do."""
    address = reverse("money:attention")
    return [
        Todo(
            one.code, one.count, one.title, one.about, f"{address}#{one.code}",
            oldest_on=clock.local_date(one.oldest_at) if one.oldest_at else None, late=one.count,
        )
        for one in waiting()
    ]  # fmt: skip
