"""What waits for the admins: support asks to look."""

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from velory import clock
from velory.support.models import SupportAccess
from velory.ui.todos import Todo, todo


@todo(order=15)
def support_asks(today):
    """How many accesses wait for a yes or no."""
    waiting = SupportAccess.objects.waiting(clock.now()).aggregate(count=Count("pk"), oldest=Min("asked_at"))
    count = waiting["count"]
    if not count:
        return []
    title = ngettext("Support asks to look at these pages", "Support asks to look at these pages, %d times", count)
    title = title % count if "%d" in title else title
    oldest = clock.local_date(waiting["oldest"])
    return [
        Todo("support_asks", count, title, _("Allow it or refuse it"), reverse("support:accesses"), oldest_on=oldest)
    ]
