from django.apps import AppConfig


class ErasingConfig(AppConfig):
    name = "velory.erasing"
    label = "erasing"

    def ready(self):
        """Register what happens by itself, its letters, its sentences, and what stands in the console."""
        from velory.erasing import agenda, console, notices, specimens, telling, waiting  # noqa: F401
