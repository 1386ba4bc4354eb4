"""Addresses of bulk changes."""

from django.urls import path

from assets.bulk import views

app_name = "bulk"
urlpatterns = [
    path("hardware/bulk/", views.changes, name="changes"),
    path("hardware/bulk/<slug:ref>/", views.change_page, name="change"),
    path("hardware/bulk/<slug:ref>/apply/", views.apply_change, name="apply"),
    path("hardware/bulk/<slug:ref>/discard/", views.discard_change, name="discard"),
    path("hardware/bulk/<slug:ref>/undo/", views.undo_change, name="undo"),
]
