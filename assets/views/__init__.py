"""The doors of the ground floor, one noun a file."""
