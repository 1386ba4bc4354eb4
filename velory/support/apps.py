from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "velory.support"
    label = "support"

    def ready(self):
        """Register its letters, what ends by itself, what waits for admins, and what stands in the console."""
        from velory.support import agenda, console, notices, specimens, telling, waiting  # noqa: F401
