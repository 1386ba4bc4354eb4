"""The settings *Device lifecycle*: what the company allows. What was promised before is kept first, then it changes."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.panels import settings_section
from assets.settings_sections import filled_in_anew, was_sent
from renewals.forms import PolicyForm, depreciation_forms
from renewals.models import Policy
from renewals.terms import change_policy
from velory import clock
from velory.journal.deeds import record, write
from velory.journal.reason import Refused
from velory.journal.sentences import says

says("renewals.policy", "change", gettext_lazy("{by} changed the renewal policy: {changes}."))
says("renewals.depreciation", "change", gettext_lazy("{by} changed the depreciation of {thing}: {changes}."))


@settings_section(order=30)
def renewal_policy(request):
    """What holders may choose at the end of a device's life, when, and at what price."""
    sent = was_sent(request, "renewal_policy")
    data, policy = (request.POST, Policy.to_change()) if sent else (None, Policy.here())
    form = PolicyForm(data, instance=policy, at_first=filled_in_anew(request, "renewal_policy"))
    table = depreciation_forms(data)
    if sent and all([form.is_valid(), *(line.is_valid() for line in table)]):
        try:
            _save(form, table, by=request.user, at=clock.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The settings are saved. What holders were told before stays as it was."))
            return redirect("assets:settings")
    return _("Device lifecycle"), "renewals/_policy.html", {"form": form, "table": table}


def _save(form, table, *, by, at):
    def save():
        record(form, "change", by=by, at=at, version=form.seen_version)
        for line in table:
            _save_line(line, by=by, at=at)

    change_policy(save, at=at)


def _save_line(line, *, by, at):
    row = line.instance
    if not line.has_changed():
        return
    if line.is_empty:
        before = {name: [str(line.initial[name]), ""] for name in line.changed_data}
        write(row, "change", by=by, at=at, details={"changes": before})
        row.delete()
    else:
        record(line, "change", by=by, at=at)
