"""The console. Served at the operators' host alone (`site_urls.py`)."""

from django.urls import path

from velory.operators.views import changing, companies, installation, opening

app_name = "operators"
urlpatterns = [
    path("", companies.home, name="home"),
    path("companies/", companies.company_list, name="companies"),
    path("companies/new/", opening.open_company, name="open"),
    path("companies/new/<slug:ref>/", opening.progress, name="opening"),
    path("companies/new/<slug:ref>/go_on/", opening.go_on, name="go_on"),
    path("companies/<slug:slug>/", companies.company_page, name="company"),
    path("companies/<slug:slug>/count/", companies.count_again, name="count"),
    path("companies/<slug:slug>/facts/", changing.change_facts, name="facts"),
    path("companies/<slug:slug>/plan/", changing.change_plan, name="plan"),
    path("companies/<slug:slug>/suspend/", changing.suspend, name="suspend"),
    path("companies/<slug:slug>/resume/", changing.resume, name="resume"),
    path("companies/<slug:slug>/second_factor/", changing.lost_factor, name="lost_factor"),
    path("companies/<slug:slug>/addresses/", changing.add_domain, name="add_domain"),
    path("companies/<slug:slug>/addresses/<str:host>/primary/", changing.make_primary, name="make_primary"),
    path("companies/<slug:slug>/addresses/<str:host>/remove/", changing.remove_domain, name="remove_domain"),
    path("settings/", companies.settings, name="settings"),
    path("installation/", installation.health, name="installation"),
    path("installation/try_again/", installation.try_again, name="try_again"),
]
