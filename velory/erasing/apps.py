from django.apps import AppConfig


class ErasingConfig(AppConfig):
    name = "velory.erasing"
    label = "erasing"

    def ready(self):
        """Register what happens by itself, what is kept free, letters, sentences, what stands in the console."""
        from velory.erasing import agenda, console, keeping, notices, specimens, telling, waiting  # noqa: F401
