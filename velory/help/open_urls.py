"""/help/partners/: what is read without an account, at any host."""

from django.urls import path

from velory.help import views

app_name = "help"
urlpatterns = [
    path("partners/", views.partners_contents, name="partners"),
    path("partners/<slug:page>/", views.partners_page, name="partners_page"),
]
