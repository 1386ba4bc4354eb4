"""/help/: the handbook."""

from django.urls import path

from velory.help import views
from velory.help.open_urls import urlpatterns as open_to_all

app_name = "help"
urlpatterns = [
    path("", views.handbook, name="handbook"),
    *open_to_all,
    path("<slug:name>/", views.contents, name="contents"),
    path("<slug:name>/<slug:page>/", views.page, name="page"),
]
