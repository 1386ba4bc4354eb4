"""A stand-in for Stripe: its API over HTTP, its hosted pages and its webhooks, with a memory of its own.

The product runs the real `stripe` library against it and cannot tell: only address and key differ. It knows what
Velory uses and refuses by name what it does not know, so nothing passes here that was merely ignored. Parameters,
answers and errors are those of API version 2026-10-28. `/_standin/` turns the knobs that break things.

Nothing here imports the product, but for its clock: what it believes about payments must not be what the product does.
"""

VERSION = "2026-10-28.endive"
