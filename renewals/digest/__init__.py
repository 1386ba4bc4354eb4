"""The admins' week: what waits for them and what falls due in the coming month, on Monday morning."""
