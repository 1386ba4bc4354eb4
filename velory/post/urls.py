from django.urls import path

from velory.post.links import PARTNER
from velory.post.views import health, landing, mail, planned, settings, stopping, texts

app_name = "post"
urlpatterns = [
    path("l/stop/<str:token>/", stopping.stop, name="stop"),
    path("l/stop/<str:token>/again/", stopping.resume, name="resume"),
    path("l/<slug:token>/", landing.follow_link, name="link"),
    path("l/<slug:token>/<slug:deed>/", landing.follow_link, name="link_deed"),
    path("partner/<slug:token>/", landing.follow_link, {"place": PARTNER}, name="partner"),
    path("partner/<slug:token>/<slug:deed>/", landing.follow_link, {"place": PARTNER}, name="partner_deed"),
    path("mail/", mail.sent_mail, name="sent"),
    path("mail/planned/", planned.planned_mail, name="planned"),
    path("mail/planned/<slug:source>/<slug:ref>/", planned.planned_letter, name="planned_letter"),
    path("mail/planned/<slug:source>/<slug:ref>/html/", planned.planned_html, name="planned_html"),
    path("mail/planned/<slug:source>/<slug:ref>/<slug:deed>/", planned.change_planned, name="change_planned"),
    path("mail/refused/", settings.refused, name="refused"),
    path("mail/refused/accept/", settings.accept_address, name="accept_address"),
    path("mail/texts/", texts.texts, name="texts"),
    path("mail/texts/<slug:app>/<slug:name>/", texts.text, name="text"),
    path("mail/texts/<slug:app>/<slug:name>/reset/", texts.reset_text, name="reset_text"),
    path("mail/texts/<slug:app>/<slug:name>/html/<slug:language>/", texts.text_html, name="text_html"),
    path("mail/identity/", settings.name_and_logo, name="identity"),
    path("mail/identity/reset/", settings.reset_identity, name="reset_identity"),
    path("mail/identity/html/", settings.identity_html, name="identity_html"),
    path("mail/settings/", settings.mail_settings, name="settings"),
    path("mail/logo/<slug:stamp>.png", settings.company_logo, name="logo"),
    path("mail/<slug:ref>/", mail.letter_page, name="letter"),
    path("mail/<slug:ref>/html/", mail.letter_html, name="letter_html"),
    path("mail/<slug:ref>/again/", mail.send_again, name="again"),
    path("settings/health/", health.health, name="health"),
    path("settings/health/<int:pk>/again/", health.try_job_again, name="try_job_again"),
]
