from django.apps import AppConfig


class PostConfig(AppConfig):
    name = "velory.post"
    label = "post"

    def ready(self):
        from velory.post import sending  # noqa: F401 - says what the agenda does with a letter
