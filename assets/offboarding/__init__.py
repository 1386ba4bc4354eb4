"""Offboarding: somebody leaves, and each of their devices is settled or listed."""
