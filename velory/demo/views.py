"""The demo bar: the date in the demo, and the buttons that push it. These addresses exist only in the demo."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from velory import clock
from velory.demo import walking
from velory.demo.tasks import go_on_walking

STEPS = {"day": relativedelta(days=1), "week": relativedelta(weeks=1), "month": relativedelta(months=1)}


@login_not_required
@require_POST
def push(request):
    """Push the clock by a day, a week, a month, or to the next event; then back to where one was."""
    by = request.POST.get("by", "")
    if by in STEPS:
        walking.aim_at(clock.now() + STEPS[by])
    elif by == "event" and (moment := walking.next_event()):
        walking.aim_at(max(moment, clock.now()) + timedelta(seconds=1))
    go_on_walking.publish()
    back = request.POST.get("back", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if safe else "/")


@login_not_required
def bar(request):
    """The bar alone, asked for every second while the clock moves; when it has arrived the page is shown anew."""
    if request.htmx and walking.target_of_the_push() is None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "demo/bar.html")
