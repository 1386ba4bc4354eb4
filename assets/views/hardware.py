"""The company's hardware: the table, its export, and a device registered by hand."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assets.exporting import device_rows, people_rows
from assets.forms import RegisterForm
from assets.hardware import Hardware
from assets.models import Device
from velory import clock
from velory.people.doors import for_admins
from velory.people.views.people import people_asked
from velory.ui.files import as_file
from velory.ui.steps import sent


@require_safe
@for_admins
def hardware(request):
    """Every device of the company: views, search, filters, order, pages."""
    return render(request, "assets/hardware.html", {"table": Hardware(request, today=clock.today()).fetch()})


@require_safe
@for_admins
def export_hardware(request):
    """The same devices in the same order, as a file that the import takes back."""
    today = clock.today()
    rows = device_rows(Hardware(request, today=today).in_order)
    return as_file(request.GET.get("as", ""), f"hardware-{today}", rows)


@require_safe
@for_admins
def export_people(request):
    """The people of the list in its order, as a file that the import takes back."""
    today = clock.today()
    table, people = people_asked(request, today=today)
    return as_file(request.GET.get("as", ""), f"people-{today}", people_rows(people.order_by(*table.order())))


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def register_device(request):
    """A device that the company has already; the address may name the distributor that it came from."""
    named = request.GET.get("distributor", "")
    form = RegisterForm(sent(request), today=clock.today(), distributor=named)
    if request.method == "POST" and form.is_valid() and (device := registered(form, by=request.user)):
        messages.success(request, _("%(device)s is registered as %(ref)s.") % {"device": device, "ref": device.ref})
        return redirect(device)
    return render(request, "assets/register_device.html", {"form": form}, status=422 if form.is_bound else 200)


def registered(form, *, by):
    """The new device; None, with the form told, where somebody registered its twin in the same moment."""
    try:
        with transaction.atomic():
            return Device.register(
                by=by, at=clock.now(), to=form.cleaned_data["to"], contract=form.contract(), facts=form.facts()
            )
    except IntegrityError:
        form.add_error(None, _("Somebody was first: a device with one of these numbers was registered just now."))
        return None
