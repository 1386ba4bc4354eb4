from django.urls import path

from velory.post.links import PARTNER
from velory.post.views import landing, mail

app_name = "post"
urlpatterns = [
    path("l/<slug:token>/", landing.follow_link, name="link"),
    path("l/<slug:token>/<slug:deed>/", landing.follow_link, name="link_deed"),
    path("partner/<slug:token>/", landing.follow_link, {"place": PARTNER}, name="partner"),
    path("partner/<slug:token>/<slug:deed>/", landing.follow_link, {"place": PARTNER}, name="partner_deed"),
    path("mail/", mail.sent_mail, name="sent"),
    path("mail/planned/", mail.planned_mail, name="planned"),
    path("mail/planned/<slug:source>/<slug:ref>/", mail.planned_letter, name="planned_letter"),
    path("mail/planned/<slug:source>/<slug:ref>/html/", mail.planned_html, name="planned_html"),
    path("mail/settings/", mail.mail_settings, name="settings"),
    path("mail/settings/accept/", mail.accept_address, name="accept_address"),
    path("mail/<slug:ref>/", mail.letter_page, name="letter"),
    path("mail/<slug:ref>/html/", mail.letter_html, name="letter_html"),
    path("mail/<slug:ref>/again/", mail.send_again, name="again"),
]
