from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "velory.payments.inbox"
    label = "payments_inbox"
