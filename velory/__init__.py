"""Velory: the kernel. It has no word of devices."""
