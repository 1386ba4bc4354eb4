"""What goes into an archive: every table of a company, column by column; and what is left out, each with the reason.

A column whose name sounds like a secret has to stand in one of the two lists below; a test asks for it.
"""

from django.apps import apps
from django.conf import settings
from django.db import models

SIGNS_IN = "Whoever holds it could sign in or act in somebody's name."
OPENS = "Whoever holds it could open a page without signing in."
OF_THE_PLATFORM = "Belongs to the product, not to the company: the same for everybody."
CHARGES = "Whoever also had the key of the account could charge this person's card."
SEALS = "A secret that is shared with a distributor's machine, sealed with the installation's key."
SEALED = "What Velory shows the identity provider, sealed with the installation's key."
DERIVED = "Worked out from other columns, for the search."

TABLES_LEFT_OUT = {
    "sessions.session": SIGNS_IN,
    "account.emailaddress": OF_THE_PLATFORM,
    "account.emailconfirmation": SIGNS_IN,
    "auth.group": OF_THE_PLATFORM,
    "auth.group_permissions": OF_THE_PLATFORM,
    "auth.permission": OF_THE_PLATFORM,
    "contenttypes.contenttype": OF_THE_PLATFORM,
    "journal.edge": OF_THE_PLATFORM,
}
COLUMNS_LEFT_OUT = {
    "people.person": {"password": SIGNS_IN, "search": DERIVED},
    "people.invitation": {"token": SIGNS_IN},
    "mfa.authenticator": {"data": SIGNS_IN},
    "post.link": {"secret": OPENS},
    "post.letter": {
        "context": "May hold a code or a link that has not been used yet. What was sent stands in the parts."
    },
    "federated.identityprovider": {"sealed_secret": SEALED},
    "renewals.calendarfeed": {"secret": OPENS},
    "orders.channel": {"sealed_secret": SEALS, "sealed_secret_before": SEALS},
    "payments.card": {"method_id": CHARGES, "customer_id": CHARGES, "session_id": CHARGES, "request": CHARGES},
    "payments.customer": {"provider_id": CHARGES, "request": CHARGES},
    "payments.attempt": {"request": CHARGES},
    "assets.device": {"search": DERIVED},
    "support.supportaccess": {"token": SIGNS_IN},
}
MASKED_COLUMNS = {
    ("post.letter", "text"): "Links in letters that were sent open pages: they stand without their secret part.",
    ("post.letter", "html"): "Links in letters that were sent open pages: they stand without their secret part.",
}


def tables() -> list[type[models.Model]]:
    """The models of a company's own tables that go in, always in the same order."""
    return [model for model in _all() if model._meta.label_lower not in TABLES_LEFT_OUT]


def columns(model) -> list[models.Field]:
    """The columns of a table that go in, as the model lists them."""
    left_out = COLUMNS_LEFT_OUT.get(model._meta.label_lower, {})
    return [field for field in model._meta.concrete_fields if field.name not in left_out]


def left_out() -> list[dict[str, str]]:
    """Everything that stays outside, with the reason: whole tables, then single columns."""
    known = {model._meta.label_lower for model in _all()}
    whole = [{"table": name, "why": why} for name, why in sorted(TABLES_LEFT_OUT.items()) if name in known]
    single = [
        {"table": name, "column": column, "why": why}
        for name, its in sorted(COLUMNS_LEFT_OUT.items())
        for column, why in its.items()
        if name in known
    ]
    return whole + single


def _all():
    company_apps = set(settings.TENANT_APPS)
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.app_config.name in company_apps
    ]
    return sorted(found, key=lambda model: model._meta.label_lower)
