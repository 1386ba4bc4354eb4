"""The mail catcher's pages, at mail.<base domain>; in the demo alone."""

from django.urls import include, path

from velory.demo import mail_views

urlpatterns = [
    path("", include("velory.demo.urls")),
    path("", mail_views.caught_mail, name="caught_mail"),
    path("<slug:name>/", mail_views.caught_letter, name="caught_letter"),
    path("<slug:name>/html/", mail_views.caught_html, name="caught_html"),
    path("<slug:name>/files/<int:number>/", mail_views.caught_file, name="caught_file"),
]

handler400 = "velory.ui.errors.bad_request"
handler403 = "velory.ui.errors.permission_denied"
handler404 = "velory.ui.errors.not_found"
handler500 = "velory.ui.errors.server_error"
