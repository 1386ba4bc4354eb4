"""What the ground floor says of people: their list as a file with the import's columns."""

from django.urls import path

from assets.views.hardware import export_people

urlpatterns = [path("people/export/", export_people, name="export_people")]
