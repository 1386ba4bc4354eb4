"""Exporting and erasing a company, at the operators' host alone."""

from django.urls import path

from velory.erasing import console

app_name = "erasing_console"
urlpatterns = [
    path("companies/<slug:slug>/export/", console.ask_for_export, name="export"),
    path("companies/<slug:slug>/export/fetch/", console.hand_over, name="hand_over"),
    path("companies/<slug:slug>/erase/", console.ask, name="ask"),
    path("companies/<slug:slug>/erase/confirm/", console.confirm, name="confirm"),
    path("companies/<slug:slug>/erase/call_off/", console.call_off, name="call_off"),
]
