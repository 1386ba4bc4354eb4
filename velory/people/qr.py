"""A text as a QR code: the path of one SVG element, a square for each dark module."""

from dataclasses import dataclass

import qrcode

BORDER = 4  # modules around it, as readers expect


@dataclass(frozen=True)
class QRCode:
    """How many modules wide it is, and the path that draws the dark ones."""

    size: int
    path: str


def qr_of(text: str) -> QRCode:
    """The code of a text."""
    code = qrcode.QRCode(border=BORDER, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    squares = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return QRCode(len(rows), "".join(squares))
