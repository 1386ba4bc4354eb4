from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "velory.tenancy"
    label = "tenancy"

    def ready(self):
        from velory.tenancy import checks  # noqa: F401 - registers what is checked
