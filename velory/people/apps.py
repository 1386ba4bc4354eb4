from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "velory.people"
    label = "people"

    def ready(self):
        from velory.people import factor_notices, finding, notices, specimens, welcoming  # noqa: F401
