from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"

    def ready(self):
        """Register what orders says to the gate, what follows people's changes, and what it shows on pages below."""
        from orders import (  # noqa: F401
            finding,
            follows,
            furnishing,
            gatekeeping,
            invariants,
            showing,
            specimens,
            wishes_of_people,
        )
        from orders import offboarding as wishes_of_leavers  # noqa: F401
        from orders.cancelling import following as follows_cancelling  # noqa: F401  (and its letters)
        from orders.cancelling import showing as cancelled_showing  # noqa: F401
        from orders.deliveries import follows as delivery_follows  # noqa: F401
        from orders.deliveries import showing as delivery_showing  # noqa: F401
        from orders.operated import requests_that_wait  # noqa: F401
        from orders.ordering import dispatch  # noqa: F401  (and its letters)
        from orders.ordering import invariants as ordering_invariants  # noqa: F401
        from orders.ordering import showing as ordering_showing  # noqa: F401
        from orders.overage import card, card_invariants, lapsing, sale  # noqa: F401  (and its letters)
        from orders.overage import invariants as overage_invariants  # noqa: F401
        from orders.overage import planned as planned_reminders  # noqa: F401
        from orders.reports import applying as applying_reports  # noqa: F401
        from orders.reports import attention  # noqa: F401
        from orders.reports import page as partners_page  # noqa: F401
        from orders.requests import following, planned  # noqa: F401
        from orders.requests import showing as request_showing  # noqa: F401
