from django.apps import AppConfig


class RepairsConfig(AppConfig):
    name = "repairs"

    def ready(self):
        """Register who answers the questions before a repair's steps, and what follows from them."""
        from repairs import (  # noqa: F401  # noqa: F401
            finding,
            following,
            furnishing,
            guards,
            invariants,
            notices,
            planned,
            sentences,
            showing,
            specimens,
        )
        from repairs import offboarding as repairs_of_leavers  # noqa: F401
        from repairs.tradein import showing as trade_in_showing  # noqa: F401
        from repairs.tradein import trading  # noqa: F401
        from repairs.views import trade_ins  # noqa: F401  (what writes letters asks it where they lead)
