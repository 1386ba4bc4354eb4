"""Support access: as the company's admins see it, and the way in."""

from django.urls import path

from velory.support import views

app_name = "support"
urlpatterns = [
    path("settings/support/", views.accesses, name="accesses"),
    path("settings/support/<slug:ref>/", views.access, name="access"),
    path("settings/support/<slug:ref>/allow/", views.allow, name="allow"),
    path("settings/support/<slug:ref>/refuse/", views.refuse, name="refuse"),
    path("settings/support/<slug:ref>/end/", views.end, name="end"),
    path("support/enter/<slug:token>/", views.enter, name="enter"),
    path("support/leave/", views.leave_support, name="leave"),
]
