"""The handbook's pictures: taken where a journey stands, small, and written only where they look different."""

import io
import os

from PIL import Image, ImageChops

from tests.running_demo import ROOT

ANEW = "VELORY_HANDBOOK" in os.environ  # `make screenshots` takes them
HANDBOOK = ROOT / "docs" / "handbook"
COLOURS, ROOM = 96, 16
PADDING = "part => parseFloat(getComputedStyle(part).paddingLeft)"
SAME = 0.004  # of the pixels may differ: a reference is drawn by lot, the picture need not be kept anew


def languages_of(book):
    """The languages that a book is written in."""
    return sorted(path.name for path in (HANDBOOK / book).iterdir() if path.is_dir())


def width_of(book):
    """A window in which the page's main part is some 900 pixels wide."""
    return 1180 if book in {"admins", "operators"} else 1040


def keep(page, around, tall, book, language, name):
    """Take what stands around a selector and keep it, unless the picture that is there shows the same."""
    box = page.locator(around).first.bounding_box()
    beside = 0 if page.locator(around).first.evaluate(PADDING) else ROOM
    above = 0 if around == "#main" else ROOM  # the page's main part has room of its own
    left, top = max(0, box["x"] - beside), max(0, box["y"] - above)
    right = min(page.viewport_size["width"], box["x"] + box["width"] + beside)
    height = min(box["height"] + 2 * above, tall)
    clip = {"x": left, "y": top, "width": right - left, "height": height}
    taken = page.screenshot(clip=clip, full_page=True, animations="disabled", caret="hide")
    picture = Image.open(io.BytesIO(taken)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).convert("RGB")
    path = HANDBOOK / "pictures" / book / language / f"{name}.webp"
    if not path.exists() or differ(Image.open(path).convert("RGB"), picture):
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.save(path, "WEBP", lossless=True, quality=100, method=4)


def differ(one, other):
    """Whether two pictures look different."""
    if one.size != other.size:
        return True
    histogram = ImageChops.difference(one, other).convert("L").histogram()
    return sum(histogram[24:]) > SAME * one.width * one.height
