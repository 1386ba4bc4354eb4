"""The pages of offboarding."""
