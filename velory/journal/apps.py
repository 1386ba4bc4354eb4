from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "velory.journal"
    label = "journal"
