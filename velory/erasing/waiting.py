"""What waits for the admins: an operator asks to erase the company."""

from django.urls import reverse
from django.utils.translation import gettext as _

from velory import clock
from velory.erasing.models import Erasure
from velory.tenancy.context import current_company
from velory.ui.todos import Todo, todo


@todo(order=10)
def erasing_asked(today):
    """One at the most."""
    found = Erasure.objects.of(current_company()).asked().first()
    if found is None:
        return []
    asked_on = clock.local_date(found.asked_at)
    title, about = _("Velory asks to erase this company"), _("Confirm it or say no")
    return [Todo("erasing_asked", 1, title, about, reverse("erasing:erasing"), oldest_on=asked_on)]
