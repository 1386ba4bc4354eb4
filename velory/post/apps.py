from django.apps import AppConfig


class PostConfig(AppConfig):
    name = "velory.post"
    label = "post"

    def ready(self):
        """Register what the agenda does with a letter, what must hold of letters, and what waits because of them."""
        from velory.post import held, invariants, sending, telling, todos  # noqa: F401
