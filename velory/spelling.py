"""Case as the database's unique keys see it: letter by letter. Python's own makes SS of ß, and the keys do not.

Two texts that are the same here are the same to a unique key on Upper or Lower, and the other way round.
"""


def upper(text: str) -> str:
    """A number as its key has it: STRAßE-1."""
    if text.isascii():
        return text.upper()
    return "".join(big if len(big := letter.upper()) == 1 else letter for letter in text)


def lower(text: str) -> str:
    """A name as its key has it: straße."""
    if text.isascii():
        return text.lower()
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)
