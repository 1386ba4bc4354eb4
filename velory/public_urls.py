"""The platform's own pages, at the base domain."""

urlpatterns: list = []
