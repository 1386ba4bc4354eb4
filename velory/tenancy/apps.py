from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "velory.tenancy"
    label = "tenancy"
