"""Support access in the console, at the operators' host alone."""

from django.urls import path

from velory.support import console

app_name = "support_console"
urlpatterns = [
    path("companies/<slug:slug>/support/", console.ask, name="ask"),
    path("companies/<slug:slug>/support/<slug:ref>/open/", console.open_pages, name="open"),
    path("companies/<slug:slug>/support/<slug:ref>/end/", console.end, name="end"),
]
