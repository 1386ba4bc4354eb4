"""A specimen of the letter."""

from velory.post.specimens import specimen


@specimen("people/link_code")
def a_code_that_links():
    """The dots are what everybody but the recipient sees."""
    return {"code": "••••••", "minutes": 10, "provider": "Microsoft"}
