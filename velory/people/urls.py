"""People, their places, their invitations, and oneself."""

from django.urls import path

from velory.people.views import again, arriving, lost, passkeys, people, places, security, you

app_name = "people"
urlpatterns = [
    path("people/", people.person_list, name="people"),
    path("people/new/", people.add_person, name="add"),
    path("people/<slug:ref>/", people.person_page, name="person"),
    path("people/<slug:ref>/edit/", people.edit_person, name="edit"),
    path("people/<slug:ref>/invite/", people.invite_person, name="invite"),
    path("people/<slug:ref>/end_access/", people.end_access, name="end_access"),
    path("people/<slug:ref>/give_access/", people.give_access, name="give_access"),
    path("people/<slug:ref>/second_factor/remove/", lost.lost, name="lost_factor"),
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
    path("you/again/passkey/", again.again_options, name="again_options"),
    path("you/security/", security.security, name="security"),
    path("you/security/app/", security.app, name="security_app"),
    path("you/security/app/remove/", security.remove_app, name="security_remove_app"),
    path("you/security/elsewhere/", security.sign_out_elsewhere, name="security_elsewhere"),
    path("you/security/codes/", security.codes, name="security_codes"),
    path("you/security/codes/new/", security.new_codes, name="security_new_codes"),
    path("you/security/codes/file/", security.codes_file, name="security_codes_file"),
    path("you/security/codes/kept/", security.codes_kept, name="security_codes_kept"),
    path("you/security/passkeys/new/", passkeys.new_passkey, name="security_passkey"),
    path("you/security/passkeys/options/", passkeys.passkey_options, name="security_passkey_options"),
    path("you/security/passkeys/<slug:ref>/", passkeys.rename_passkey, name="security_rename"),
    path("you/security/passkeys/<slug:ref>/remove/", passkeys.remove_passkey, name="security_remove"),
    path("welcome/<slug:token>/", arriving.accept, name="accept"),
    path("language/", arriving.choose_language, name="language"),
]
