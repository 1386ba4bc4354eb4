"""/ui/: appearance, and the gallery."""

from django.urls import path

from velory.ui import views
from velory.ui.gallery.urls import urlpatterns as gallery

app_name = "ui"
urlpatterns = [
    *gallery,
    path("theme/", views.choose_theme, name="theme"),
]
