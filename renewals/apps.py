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
            leaving,
            notices,
            offboarding,
            planned,
            policy,
            recipients,
            showing,
            specimens,
            tasks,
        )
        from renewals.buyouts import follows as buyout_follows  # noqa: F401
        from renewals.buyouts import guards as buyout_guards  # noqa: F401
        from renewals.buyouts import invariants as buyout_invariants  # noqa: F401
        from renewals.buyouts import planned as buyout_planned  # noqa: F401
        from renewals.buyouts import sale, summary  # noqa: F401
        from renewals.buyouts import showing as buyout_showing  # noqa: F401
        from renewals.calendars import follows as calendar_follows  # noqa: F401
        from renewals.calendars import panel  # noqa: F401
        from renewals.choices import forms, keeping, recording  # noqa: F401
        from renewals.choices import guards as choice_guards  # noqa: F401
        from renewals.digest import planned as digest_planned  # noqa: F401
        from renewals.forecast import overview  # noqa: F401
        from renewals.returns import follows as return_follows  # noqa: F401
        from renewals.returns import invariants as return_invariants  # noqa: F401
        from renewals.returns import showing as return_showing  # noqa: F401
        from renewals.returns.views import partner  # noqa: F401  (the same of the leasing provider's letters)
        from renewals.views import link  # noqa: F401  (what writes letters asks it where they lead)
