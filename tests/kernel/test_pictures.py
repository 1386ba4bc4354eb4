"""Pictures that somebody has bent: turned away in words, and never larger in memory than they are kept."""

import io

import pytest
from PIL import Image

from velory.ui.pictures import LARGE, NoPicture, decoded


@pytest.fixture(scope="module")
def upright():
    """A small picture with a camera's notes: which way is up, who made it, where."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x8825] = 6, "abc", {1: "N"}
    sent = io.BytesIO()
    Image.new("RGB", (2, 1), "red").save(sent, "WEBP", exif=exif)
    return sent.getvalue()


@pytest.mark.nowhere
@pytest.mark.parametrize("value", range(0, 256, 5))
def test_notes_of_a_camera_that_are_bent_bring_nothing_down(upright, value):
    for place in range(upright.index(b"EXIF"), len(upright)):
        bent = bytearray(upright)
        bent[place] = value
        try:
            assert decoded(bytes(bent)).size in {(2, 1), (1, 2)}
        except NoPicture as why:
            assert "damaged" in str(why) or "not a picture" in str(why)  # noqa: PT017 - most are shown all the same


@pytest.mark.nowhere
@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_large_picture_is_made_small_at_once(form):
    sent = io.BytesIO()
    Image.new("L", (6000, 3000)).save(sent, form)
    assert decoded(sent.getvalue()).size == (LARGE[0], LARGE[1] // 2)
