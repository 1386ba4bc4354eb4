"""The end of this company, as its admins see it."""

from django.urls import path

from velory.erasing import views

app_name = "erasing"
urlpatterns = [
    path("settings/erasing/", views.erasing, name="erasing"),
    path("settings/erasing/confirm/", views.confirm, name="confirm"),
    path("settings/erasing/call_off/", views.call_off, name="call_off"),
]
