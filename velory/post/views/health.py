"""Whether letters arrive and jobs are done, for admins; what was given up can be tried again."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from velory import clock
from velory.agenda import book
from velory.agenda.health import behind, given_up, stuck, try_again
from velory.people.doors import for_admins
from velory.post.health import DAYS, job_figures, mail_health
from velory.post.views.reading import tabs
from velory.ui.tables import Table


@require_safe
@for_admins
def health(request):
    """Two rows of figures, and the jobs that are stuck."""
    at = clock.now()
    table = Table(request, sorts={"due": "due_at"}, default="due", filters=["state"])
    jobs = {"parked": given_up, "late": lambda: behind(at)}.get("".join(table.chosen("state")), lambda: stuck(at))()
    table.show(jobs)
    for job in table.rows:
        job.label = book.label_of(job.kind)
    page = {
        "mail": mail_health(at), "jobs": job_figures(at), "table": table, "days": DAYS, "attempts": book.ATTEMPTS,
        "views": tabs("health"),
    }  # fmt: skip
    return render(request, "post/health.html", page)


@require_POST
@for_admins
def try_job_again(request, pk):
    """It begins afresh, at once."""
    due = try_again(pk, by=request.user, at=clock.now())
    if due is None:
        messages.warning(request, _("Somebody was first: this job is not stuck any more."))
    else:
        messages.success(request, _("“%(job)s” is tried again now.") % {"job": book.label_of(due.kind)})
    return redirect("post:health")
