"""Addresses of offboarding. They stand before a person's own, whose address holds any word."""

from django.urls import path

from assets.offboarding.views import devices, importing, leavers, own

app_name = "offboarding"
urlpatterns = [
    path("people/leaving/", leavers.leavers, name="leavers"),
    path("people/leaving/import/", importing.import_leavers, name="import"),
    path("people/leaving/headings.csv", importing.headings, name="headings"),
    path("people/leaving/<slug:ref>/", leavers.leaver, name="leaver"),
    path("people/leaving/<slug:ref>/day/", leavers.set_last_day, name="day"),
    path("people/leaving/<slug:ref>/write/", leavers.write_to_leaver, name="write"),
    path("people/leaving/<slug:ref>/<slug:device>/", devices.plan_device, name="plan"),
    path("people/leaving/<slug:ref>/<slug:device>/hand-in/", devices.hand_in, name="hand_in"),
    path("you/leaving/", own.own_leaving, name="own"),
    path("you/leaving/<slug:device>/", own.say_own, name="say"),
]
