"""Erasing a company: asked by one, confirmed by another, exported first, closed, and gone thirty days later."""
