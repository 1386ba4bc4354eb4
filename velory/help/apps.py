from django.apps import AppConfig


class HelpConfig(AppConfig):
    name = "velory.help"
    label = "help"

    def ready(self):
        """Let the handbook be found by the search from anywhere."""
        from velory.help import finding  # noqa: F401
