from django.apps import AppConfig


class PostConfig(AppConfig):
    name = "velory.post"
    label = "post"

    def ready(self):
        """Register what the agenda does with a letter, and what must hold of letters."""
        from velory.post import invariants, sending, telling  # noqa: F401
