from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "velory.archive"
    label = "archive"

    def ready(self):
        """Register what the agenda does with archives, their letters, and what the event log says of them."""
        from velory.archive import agenda, notices, specimens, telling  # noqa: F401
