from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "velory.payments"
    label = "payments"

    def ready(self):
        """Register what the agenda does with payments, what must hold of them, and their letters."""
        from velory.payments import agenda, asking, invariants, specimens  # noqa: F401
        from velory.payments.screens import own, partner, showing  # noqa: F401
