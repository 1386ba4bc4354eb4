"""Addresses of the gallery, under /ui/."""

from django.urls import path

from velory.ui.gallery import views

urlpatterns = [
    path("", views.components, name="gallery"),
    path("pieces/<slug:name>/", views.piece, name="gallery_piece"),
    path("states/", views.states, name="gallery_states"),
    path("letters/", views.all_letters, name="gallery_letters"),
    path("letters/<slug:app>/<slug:name>/<slug:language>/", views.one_letter, name="gallery_letter"),
    path("letters/<slug:app>/<slug:name>/<slug:language>/html/", views.letter_html, name="gallery_letter_html"),
    path("icons/", views.icons, name="gallery_icons"),
    path("errors/", views.errors, name="gallery_errors"),
    path("errors/<slug:name>/", views.error, name="gallery_error"),
]
