from django.apps import AppConfig


class RenewalsConfig(AppConfig):
    name = "renewals"

    def ready(self):
        """Register what follows a device's steps, what hangs on the agenda, and what the ground floor's pages show."""
        from renewals import follows, furnishing, guards, notices, tasks  # noqa: F401
