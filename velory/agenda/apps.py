from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "velory.agenda"
    label = "agenda"
