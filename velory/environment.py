"""Every variable that the installation is set up with: its type, default and meaning.

README's table is written from these descriptions. While the demo or the tests run, their launcher leaves
the same variables in a file (`env` in VELORY_DEMO_DIR), so that `manage.py` finds the running database.
A variable set by hand always wins over that file.
"""

import os
import re
import sys
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
DEMO_DIR = Path(os.environ.get("VELORY_DEMO_DIR") or ROOT / ".velory")


class Environment(BaseSettings):
    """The variables, as the operator sets them. Times are UTC unless their name says otherwise."""

    model_config = SettingsConfigDict(env_file=DEMO_DIR / "env", env_ignore_empty=True, extra="ignore")

    database_url: str = Field("", description="PostgreSQL 15 or newer: postgresql://user:password@host:port/name")
    database_pool: int = Field(0, ge=0, le=64, description="Connections a web process keeps; 0 keeps none")
    redis_url: str = Field("", description="Redis 7 or Valkey 8 and newer: redis://host:port/0")
    velory_secret_key: str = Field("", description="Signs sessions and links; 50 random characters or more")
    velory_secret_keys_before: str = Field(
        "", description="Keys from before, comma-separated: while one stands here, what it signed and sealed holds good"
    )
    velory_base_domain: str = Field("localhost", description="Companies live at <company>.<this domain>")
    velory_https: bool = Field(False, description="On where the site is reached by https, as in production")
    velory_sign_up: Literal["off", "starter", "standard", "pro"] = Field(
        "off", description="Whether anybody may open a company at the base domain, and on which plan; off: nobody"
    )
    velory_two_factor: Literal["", "companies", "operators", "admins", "everyone"] = Field(
        "",
        description="Who can never sign in with one factor: companies (each decides for itself), operators, admins (of "
        "every company as well), everyone; empty: operators where VELORY_HTTPS is on, else companies",
    )
    velory_contact: str = Field("", description="The address people may write to while their company is closed")
    velory_trusted_proxies: int = Field(0, ge=0, le=5, description="Reverse proxies that stand in front")
    velory_media_dir: Path = Field(DEMO_DIR / "files", description="Where uploaded files are kept")
    velory_mail_backend: str = Field(
        "django.core.mail.backends.smtp.EmailBackend",
        description="How letters leave: SMTP, or a backend of django-anymail",
    )
    velory_mail_host: str = Field("127.0.0.1", description="SMTP server")
    velory_mail_port: int = Field(25, ge=1, le=65535, description="SMTP port")
    velory_mail_user: str = Field("", description="SMTP user")
    velory_mail_password: str = Field("", description="SMTP password")
    velory_mail_security: Literal["none", "starttls", "tls"] = Field("none", description="none, starttls or tls")
    velory_mail_from: str = Field("velory@localhost", description="The address that letters come from")
    velory_mail_api_key: str = Field("", description="The mail provider's key, for a backend of django-anymail")
    velory_mail_webhook_secrets: str = Field(
        "", description="user:password that the provider's webhooks sign in with; two, comma-separated, in a rotation"
    )
    velory_debug: bool = Field(False, description="Django's debug pages; never in production")
    velory_demo: bool = Field(False, description="Set by `make demo` alone: demo bar, clock that can be pushed")
    velory_port: int = Field(8000, ge=1, le=65535, description="The demo's web port")
    velory_demo_mail_port: int = Field(0, description="Set by the launcher: the mail catcher's SMTP port")
    velory_demo_machine_port: int = Field(0, description="Set by the launcher: the port of a distributor's machine")
    velory_demo_openid_port: int = Field(0, description="Set by the launcher: the port of an identity provider")

    stripe_secret_key: str = Field(
        "", description="Stripe's secret key: sk_test_…, in production sk_live_…; none: payments are not set up"
    )
    stripe_webhook_secrets: str = Field(
        "", description="What Stripe signs its events with: whsec_…; two, comma-separated, in a rotation"
    )
    stripe_webhook_tolerance: int = Field(
        300, ge=30, le=300, description="Seconds after which a signed event is too old to be believed"
    )
    stripe_api_base: str = Field("https://api.stripe.com", description="Where Stripe's API is; another for a stand-in")
    stripe_checkout_origin: str = Field(
        "https://checkout.stripe.com",
        description="The site of the pages where people pay, as the browser's policy allows",
    )
    stripe_connect_origin: str = Field(
        "https://connect.stripe.com",
        description="The site where sellers set up their accounts, as the browser's policy allows",
    )

    @field_validator("database_url")
    @classmethod
    def _a_postgres_url(cls, url):
        if url and urlsplit(url).scheme not in {"postgres", "postgresql"}:
            raise ValueError("it must begin with postgresql://")
        return url

    @field_validator("redis_url")
    @classmethod
    def _a_redis_url(cls, url):
        if url and urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
            raise ValueError("it must begin with redis://")
        return url

    @field_validator("velory_base_domain")
    @classmethod
    def _a_host_name(cls, domain):
        if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", domain):
            raise ValueError("it must be a host name in lower case, such as velory.example")
        return domain

    @field_validator("stripe_secret_key")
    @classmethod
    def _a_key_for_this_place(cls, key, known):
        if key and not re.fullmatch(r"(sk|rk)_(test|live)_[A-Za-z0-9_]+", key):
            raise ValueError("it must begin with sk_test_ or sk_live_")
        if "_live_" not in key:
            return key
        if known.data.get("velory_demo") or known.data.get("velory_debug"):
            raise ValueError("a live key moves real money and is not for a demo or for debugging")
        if not known.data.get("velory_https"):
            raise ValueError("a live key is for production, where VELORY_HTTPS is on")
        return key

    @field_validator("stripe_api_base", "stripe_checkout_origin", "stripe_connect_origin")
    @classmethod
    def _an_origin(cls, origin):
        if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?", origin):
            raise ValueError("it must be an address without a path, such as https://api.stripe.com")
        return origin

    @property
    def two_factor(self) -> str:
        """Who can never sign in with one factor: operators in production, unless it says otherwise."""
        return self.velory_two_factor or ("operators" if self.velory_https and not self.velory_demo else "companies")

    @property
    def database(self) -> dict:
        """DATABASE_URL as Django's parts; an address that nobody answers where none is given."""
        url = urlsplit(self.database_url or "postgresql://nobody@127.0.0.1:1/none")
        return {
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": url.hostname or "",
            "PORT": str(url.port or 5432),
        }


def read() -> Environment:
    """The environment of this process; a wrong variable ends the process with a sentence that names it."""
    try:
        return Environment()
    except ValidationError as wrong:
        for error in wrong.errors():
            name = str(error["loc"][0]).upper()
            why = error["msg"].removeprefix("Value error, ")
            print(f"{name} is wrong: {why}. Correct it and start again.", file=sys.stderr)
        sys.exit(2)
