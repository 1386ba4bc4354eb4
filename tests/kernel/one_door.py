"""A product with one door: a device that can be removed and restored. For the tests of velory/ui/steps.py."""

from django import forms
from django.http import HttpResponse
from django.urls import include, path

from assets.models import Device
from velory.ui import steps


class RemoveForm(forms.Form):
    why = forms.CharField()


def device_page(request, ref):
    return HttpResponse(f"The page of {ref}")


def remove(request, ref):
    step = Device.objects.get(ref=ref).remove
    if request.method == "POST":
        return steps.take(request, step, RemoveForm(request.POST))
    return steps.ask(request, step, RemoveForm())


def restore(request, ref):
    return steps.take(request, Device.objects.get(ref=ref).restore, then="/elsewhere/")


doors = [
    path("<ref>/", device_page, name="device"),
    path("<ref>/remove/", remove),
    path("<ref>/restore/", restore),
]
urlpatterns = [
    path("devices/", include((doors, "assets"))),
    path("ui/", include("velory.ui.urls")),
    path("sign-in/", device_page, {"ref": "nobody"}, name="account_login"),
]
handler403 = "velory.ui.errors.permission_denied"
handler404 = "velory.ui.errors.not_found"
