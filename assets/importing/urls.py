"""Addresses of imports."""

from django.urls import path, re_path

from assets.importing import examples, views

app_name = "importing"
urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/headings.csv", views.headings, name="headings"),
    path("imports/examples.csv", examples.examples, name="examples"),
    path("imports/<slug:ref>/", views.import_page, name="import"),
    path("imports/<slug:ref>/columns/", views.columns, name="columns"),
    re_path(r"^imports/(?P<ref>[-\w]+)/rows/(?P<verdict>created|changed|unchanged|refused)/$", views.rows, name="rows"),
    path("imports/<slug:ref>/apply/", views.apply_import, name="apply"),
    path("imports/<slug:ref>/discard/", views.discard_import, name="discard"),
    path("imports/<slug:ref>/refused.csv", views.refused_csv, name="refused"),
]
