"""How many messages the mail catcher holds."""

from django.conf import settings


def count() -> int:
    """Messages caught so far; each Message-ID counts once."""
    folder = settings.DEMO_STATE / "mail"
    return sum(1 for _ in folder.glob("*.eml")) if folder.exists() else 0
