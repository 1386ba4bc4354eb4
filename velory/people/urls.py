"""People, their places, their invitations, and oneself."""

from django.urls import path

from velory.people.views import arriving

app_name = "people"
urlpatterns = [
    path("welcome/<str:token>/", arriving.accept, name="accept"),
    path("language/", arriving.choose_language, name="language"),
]
