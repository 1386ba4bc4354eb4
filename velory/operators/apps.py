from django.apps import AppConfig


class OperatorsConfig(AppConfig):
    name = "velory.operators"
    label = "operators"

    def ready(self):
        """Register what the agenda does for the operators, and their letters."""
        from velory.operators import figures, letters, openings, specimens  # noqa: F401
