"""Sign-in in the console, at the operators' host alone."""

from django.urls import path

from velory.people.federated import console

app_name = "federated_console"
urlpatterns = [path("companies/<slug:slug>/passwords/", console.turn_on, name="turn_on")]
