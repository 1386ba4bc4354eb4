"""Signing in with the company's identity providers, and how admins set them up."""

from django.urls import path

from velory.people.federated.views import coming, linking, settings

app_name = "federated"
urlpatterns = [
    path("account/with/<slug:ref>/", coming.go, name="go"),
    path("account/with/<slug:ref>/back/", coming.back, name="back"),
    path("account/with/<slug:ref>/who/", linking.who, name="who"),
    path("account/with/<slug:ref>/code/", linking.code, name="code"),
    path("you/link/<slug:ref>/", linking.link, name="link"),
    path("you/link/<slug:ref>/undo/", linking.undo, name="undo"),
    path("settings/sign-in/", settings.sign_in, name="settings"),
    path("settings/sign-in/passwords/", settings.passwords, name="passwords"),
    path("settings/sign-in/new/", settings.add, name="add"),
    path("settings/sign-in/<slug:ref>/", settings.provider, name="provider"),
    path("settings/sign-in/<slug:ref>/try/", settings.try_it, name="try"),
    path("settings/sign-in/<slug:ref>/turn/", settings.turn, name="turn"),
    path("settings/sign-in/<slug:ref>/remove/", settings.remove, name="remove"),
]
