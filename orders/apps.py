from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"

    def ready(self):
        """Register what orders says to the gate, what follows people's changes, and what it shows on pages below."""
        from orders import cancelling, follows, furnishing, gatekeeping, invariants, showing  # noqa: F401
        from orders.requests import following  # noqa: F401
