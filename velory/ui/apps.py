"""The looks of the product: frames, components, tables, error pages. No rules in it."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "velory.ui"
    label = "ui"
