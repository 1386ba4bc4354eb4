"""A picture that somebody sends is decoded once and written anew: what leaves us is ours, without metadata (R56)."""

import io
import warnings
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import FileResponse
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
LARGE, SMALL = (1200, 1200), (480, 480)


class NoPicture(Exception):
    """Some bytes are no picture that can be shown; the text is a sentence for whoever sent them."""


def decoded(content: bytes) -> Image.Image:
    """The picture in some bytes, upright and no larger than it is kept. Raises NoPicture."""
    if not content:
        raise NoPicture(_("The file is empty."))
    if len(content) > MOST_BYTES:
        raise NoPicture(_("The file is larger than 8 MB."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            found = Image.open(io.BytesIO(content), formats=FORMATS)
            if found.width * found.height > MOST_PIXELS:
                raise NoPicture(_("The picture has more than 40 million points. Make it smaller."))
            found.draft(None, LARGE)  # a JPEG is made smaller as it is read
            found.load()
            upright = ImageOps.exif_transpose(found)
    except NoPicture:
        raise
    except UnidentifiedImageError:
        raise NoPicture(_("The file is not a picture. Choose a JPEG, PNG or WebP file.")) from None
    except Exception:  # noqa: BLE001 - of bytes that somebody has bent, decoders and their metadata raise anything
        raise NoPicture(_("The picture is damaged or cut off. Save it once more.")) from None
    picture = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    picture.thumbnail(LARGE)  # at once: five of forty million points are a gigabyte
    return picture


def written(picture: Image.Image, most: tuple[int, int]) -> ContentFile:
    """The picture as WebP, no larger than asked for, with nothing in it but what is seen."""
    small = picture.copy()
    small.thumbnail(most)
    out = io.BytesIO()
    small.save(out, "WEBP", quality=82, exif=b"", icc_profile=b"")
    return ContentFile(out.getvalue(), "picture.webp")


def write_files(kept: Any, picture: Image.Image) -> None:
    """Write both sizes of a picture for a row with `large`, `small`, `width` and `height`, which is not saved yet."""
    kept.width, kept.height = picture.width, picture.height
    kept.large.save("", written(picture, LARGE), save=False)
    kept.small.save("", written(picture, SMALL), save=False)


def delete_files(*names: str | None) -> None:
    """Take files away whose row is gone, or never came to be."""
    for name in filter(None, names):
        default_storage.delete(name)


def as_answer(picture: Any, size: str) -> FileResponse:
    """The picture for a page of ours: it never changes under its reference, so that browsers may keep it."""
    answer = FileResponse(getattr(picture, size).open("rb"), content_type="image/webp")
    answer.headers["Cache-Control"] = "private, max-age=604800, immutable"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
