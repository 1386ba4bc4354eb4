from django.apps import AppConfig


class FederatedConfig(AppConfig):
    name = "velory.people.federated"
    label = "federated"

    def ready(self):
        """Register the letter, what the event log says, and the panels."""
        from velory.people.federated import console, notices, showing, specimens, telling  # noqa: F401
