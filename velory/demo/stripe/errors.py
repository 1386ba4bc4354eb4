"""What Stripe says when it refuses."""


class StripeError(Exception):
    """An answer other than 200, in Stripe's shape. What was done before it is undone, unless it `keeps`."""

    def __init__(self, message, *, status=400, type="invalid_request_error", keeps=False, **more):  # noqa: A002
        super().__init__(message)
        self.status, self.keeps = status, keeps
        self.facts = {"message": message, "type": type} | {k: v for k, v in more.items() if v is not None}

    @property
    def body(self):
        """The JSON of the answer."""
        return {"error": self.facts}


def missing(kind, id_, param="id"):
    """No such thing here: gone, never there, or another account's."""
    return StripeError(f"No such {kind}: '{id_}'", status=404, code="resource_missing", param=param)


def missing_param(name):
    """A parameter that must be given."""
    return StripeError(f"Missing required param: {name}.", code="parameter_missing", param=name)


def declined(message, *, code="card_declined", **more):
    """The bank said no. The attempt itself stays on record."""
    return StripeError(message, status=402, type="card_error", code=code, keeps=True, **more)


def no_access(account):
    """An account that is not connected, or not any more."""
    return StripeError(
        f"The provided key does not have access to account '{account}' (or that account does not exist). "
        "Application access may have been revoked.",
        status=403, code="account_invalid",
    )  # fmt: skip
