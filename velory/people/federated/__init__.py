"""Signing in with the company's own identity provider (OpenID Connect), and without a password here."""
