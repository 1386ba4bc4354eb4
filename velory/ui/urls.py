"""/ui/: appearance, and the gallery."""

from django.urls import path

from velory.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("theme/", views.choose_theme, name="theme"),
]
