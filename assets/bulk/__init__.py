"""Changes of many devices at once: chosen in the list, planned, looked at, applied exactly so, and taken back."""
