from django.apps import AppConfig


class PostConfig(AppConfig):
    name = "velory.post"
    label = "post"
