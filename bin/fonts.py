"""Inter as the pages use it: the characters of each face in app.css, weights from 400 to 700, the features they show.

What the package brings is three times as large, and a phone fetches it before it shows a word in its font.
Runs on the Python of .venv: `fonts.py SOURCES STYLESHEET TARGET`.
"""

import re
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter, parse_unicodes
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FACE = re.compile(r'url\("fonts/([a-z-]+\.woff2)"\)[^;]*;\s*unicode-range: ([^;]+);')
SOURCES = {
    "inter-latin.woff2": "inter-latin-opsz-normal.woff2",
    "inter-latin-a.woff2": "inter-latin-ext-opsz-normal.woff2",
    "inter-latin-ext.woff2": "inter-latin-ext-opsz-normal.woff2",
}
WEIGHTS = {"wght": (400, 700)}  # the optical sizes stay whole: headings are drawn otherwise than text
FEATURES = ["calt", "ccmp", "kern", "locl", "mark", "mkmk", "pnum", "tnum"]


def make(source, characters, target):
    """One file with these characters."""
    options = Options(flavor="woff2", layout_features=FEATURES, hinting=False, notdef_outline=True)
    font = TTFont(source, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=parse_unicodes(characters.replace(" ", "")))
    subsetter.subset(font)
    font = instantiateVariableFont(font, WEIGHTS)
    font.flavor = "woff2"
    fresh = target.with_name(target.name + ".new")
    font.save(fresh)
    fresh.replace(target)


if __name__ == "__main__":
    sources, style_sheet, targets = map(Path, sys.argv[1:])
    targets.mkdir(parents=True, exist_ok=True)
    for name, characters in FACE.findall(style_sheet.read_text(encoding="utf-8")):
        make(sources / SOURCES[name], characters, targets / name)
