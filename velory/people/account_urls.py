"""/account/: the views of allauth that we use, one by one; there is no sign-up and no list of addresses."""

from allauth.account import views
from django.urls import path

from velory.people.federated.doors import where_passwords_are
from velory.people.views import proving, second

urlpatterns = [
    path("login/", where_passwords_are(views.login, only_sent=True), name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("code/", views.request_login_code, name="account_request_login_code"),
    path("code/confirm/", views.confirm_login_code, name="account_confirm_login_code"),
    path("second/", second.second_factor, name="mfa_authenticate"),
    path("second/passkey/", second.second_options, name="account_second_options"),
    path("passkey/", second.passkey_sign_in, name="account_passkey"),
    path("passkey/options/", second.passkey_options, name="account_passkey_options"),
    path("proof/passkey/", proving.proof_options, name="account_proof_options"),
    *[
        path(f"password/{address}", where_passwords_are(view), name=f"account_{name}")
        for address, view, name in (
            ("", views.password_reset, "reset_password"),
            ("sent/", views.password_reset_done, "reset_password_done"),
            ("<slug:uidb36>/<str:key>/", proving.new_password, "reset_password_from_key"),
            ("done/", views.password_reset_from_key_done, "reset_password_from_key_done"),
        )
    ],
]
