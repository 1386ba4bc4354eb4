"""People, their places, their invitations, and oneself."""

from django.urls import path

from velory.people.views import again, arriving, people, places, you

app_name = "people"
urlpatterns = [
    path("people/", people.person_list, name="people"),
    path("people/new/", people.add_person, name="add"),
    path("people/<slug:ref>/", people.person_page, name="person"),
    path("people/<slug:ref>/edit/", people.edit_person, name="edit"),
    path("people/<slug:ref>/invite/", people.invite_person, name="invite"),
    path("people/<slug:ref>/end_access/", people.end_access, name="end_access"),
    path("people/<slug:ref>/give_access/", people.give_access, name="give_access"),
    *[
        route
        for kind in places.KINDS
        for route in (
            path(f"{kind}/", places.place_list, {"kind": kind}, name=kind),
            path(f"{kind}/<slug:ref>/", places.edit_place, {"kind": kind}, name=f"edit_{kind}"),
            path(f"{kind}/<slug:ref>/remove/", places.remove_place, {"kind": kind}, name=f"remove_{kind}"),
        )
    ],
    path("you/", you.you, name="you"),
    path("you/password/", you.password, name="password"),
    path("you/again/", again.again, name="again"),
    path("welcome/<slug:token>/", arriving.accept, name="accept"),
    path("language/", arriving.choose_language, name="language"),
]
