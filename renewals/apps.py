from django.apps import AppConfig


class RenewalsConfig(AppConfig):
    name = "renewals"

    def ready(self):
        """Register what follows a device's steps, hangs on the agenda, is shown on pages below and is mailed."""
        from renewals import (  # noqa: F401
            follows,
            furnishing,
            gatekeeping,
            guards,
            invariants,
            notices,
            planned,
            showing,
            tasks,
        )
