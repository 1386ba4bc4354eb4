"""A company's pages."""

from django.urls import include, path

urlpatterns: list = []
