"""The gallery at /ui/: everything that a screen or a letter is made of. In the demo and in development only."""
