from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Installed in the demo alone: nothing of it exists in production."""

    name = "velory.demo"
    label = "demo"
