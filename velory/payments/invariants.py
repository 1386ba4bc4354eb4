"""Registered in a moment."""
