"""The looks of the product: frames, components, tables, error pages. No rules in it."""

from django.apps import AppConfig
from django.utils.translation import gettext_noop

WORDS_OF_DJANGO = (gettext_noop("- Select an option -"),)  # on every form, and not in Swedish in Django itself


class UiConfig(AppConfig):
    name = "velory.ui"
    label = "ui"
