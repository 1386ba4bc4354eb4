"""How people pay in the demo: through the stand-in for Stripe, or through Stripe itself where its test key is given."""

import os
from pathlib import Path

KEY = "sk_test_standin"
CARD = "4242 4242 4242 4242"
REAL = "Using the Stripe account of STRIPE_SECRET_KEY: nobody stands in for it"
SET_BY_HAND = (
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRETS",
    "STRIPE_WEBHOOK_TOLERANCE",
    "STRIPE_API_BASE",
    "STRIPE_CHECKOUT_ORIGIN",
    "STRIPE_CONNECT_ORIGIN",
)


class Payments:
    """Stripe, as this demo has it."""

    def __init__(self, keys, domain: str, web_port: int):
        self.real = bool(os.environ.get("STRIPE_SECRET_KEY"))
        self.web = f"{domain}:{web_port}"
        if self.real:
            self.environment = {name: os.environ[name] for name in SET_BY_HAND if os.environ.get(name)}
            self.address, self.what = "https://dashboard.stripe.com/test", "Stripe in test mode, by STRIPE_SECRET_KEY"
            return
        self.port, self.secret = keys.port("stripe_port"), f"whsec_{keys.word('stripe_webhook')}"
        self.address = f"http://pay.{domain}:{self.port}"
        self.what = f"the stand-in for Stripe; pay with the card {CARD}"
        self.environment = {
            "STRIPE_SECRET_KEY": KEY,
            "STRIPE_WEBHOOK_SECRETS": self.secret,
            "STRIPE_API_BASE": f"http://127.0.0.1:{self.port}",
            "STRIPE_CHECKOUT_ORIGIN": self.address,
            "STRIPE_CONNECT_ORIGIN": self.address,
        }

    def command(self, folder: Path) -> list:
        """What starts the stand-in."""
        return [
            "-m", "velory.demo.stripe", "--port", self.port, "--folder", folder / "stripe", "--follow-the-demo",
            "--origin", self.address, "--webhook", f"http://{self.web}/stripe/webhook/", "--secret", self.secret,
        ]  # fmt: skip
