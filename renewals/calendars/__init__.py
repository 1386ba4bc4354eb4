"""Renewal dates in people's own calendars: what stands there, in which form, and at which address."""
