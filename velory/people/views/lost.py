"""A colleague has lost their phone: an admin removes their second factor."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from velory import clock
from velory.journal.reason import Refused
from velory.people import factors
from velory.people.again import reauthenticated
from velory.people.doors import for_admins
from velory.people.forms.security import LostForm
from velory.people.models import Person
from velory.ui.steps import conflict, see_other, sent


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
@reauthenticated
def lost(request, ref):
    """Ask why, say what follows, then remove all of them."""
    person = get_object_or_404(Person.objects.with_factors(), ref=ref)
    form = LostForm(sent(request))
    if not form.is_valid():
        page = {"person": person, "form": form, "must": factors.is_asked_of(person)}
        return render(request, "people/lost_factor.html", page, status=422 if form.is_bound else 200)
    try:
        factors.remove_all(person, by=request.user, reason=form.cleaned_data["reason"], at=clock.now())
    except Refused as refused:
        return conflict(request, person, refused.reason)
    messages.success(request, _("%s signs in without a second factor until they set up another.") % person)
    return see_other(person.get_absolute_url())
