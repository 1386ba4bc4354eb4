from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "velory.people"
    label = "people"
