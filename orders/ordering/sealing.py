"""The secrets that are shared with distributors' machines, as they are kept."""

from velory import sealing

SALT = "orders.channel"


def seal(secret: str) -> str:
    """A secret as it may be kept."""
    return sealing.seal(secret, salt=SALT)


def unseal(sealed: str) -> str | None:
    """What was sealed; None where no key of ours opens it any more."""
    return sealing.unseal(sealed, salt=SALT)
