"""Sessions in the company's own schema, signed for that company: a copied row is no session elsewhere (R53)."""

import re

from django.contrib.sessions.backends import db

from velory.tenancy.context import current_company, inside_a_company

KEY = re.compile(r"[a-z0-9]{32}")  # as they are made; a cookie may say anything, NUL among it


class SessionStore(db.SessionStore):
    """A database session whose signature names the company. The platform's own pages have none."""

    @property
    def key_salt(self):
        return f"velory.session.{current_company().uuid}"

    def _validate_session_key(self, key):
        return bool(key and KEY.fullmatch(key))

    @classmethod
    def get_model_class(cls):
        from django.contrib.sessions.models import Session

        return Session

    def load(self):
        return super().load() if inside_a_company() else {}
