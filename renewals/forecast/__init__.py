"""What falls due in the coming two years, what has been said about it, and what it means in money."""
