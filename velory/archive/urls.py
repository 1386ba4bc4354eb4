"""A company's own exports, for its admins."""

from django.urls import path

from velory.archive import views

app_name = "archive"
urlpatterns = [
    path("settings/export/", views.archives, name="archives"),
    path("settings/export/<slug:ref>/", views.download, name="download"),
    path("settings/export/<slug:ref>/delete/", views.delete, name="delete"),
]
