"""Stacked bars as SVG, drawn on the server: where each rectangle and each word stands, for each width of a page.

A chart never stands without its numbers: whoever shows one puts the table of the same figures beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

AXIS, TOP, FOOT = 30, 22, 40  # room for the scale, for the totals, for the names below


@dataclass(frozen=True)
class Fill:
    """A kind of part: its class (`fill-<name>` in the style sheet) and its words in the legend."""

    name: str
    label: Any


@dataclass(frozen=True)
class Bar:
    """One bar: how many of each fill, its name below, the same shorter, and a second line under it."""

    parts: dict[str, int]
    name: str
    short: str
    under: str = ""

    @property
    def total(self) -> int:
        """How tall it is."""
        return sum(self.parts.values())


@dataclass(frozen=True)
class Size:
    """Drawings for some widths of the page: where they show, the measures of each, at most how many bars it holds."""

    classes: str
    width: int
    height: int
    most: int
    narrow: bool = False


YEAR = (Size("max-sm:hidden", 920, 260, 12), Size("sm:hidden", 328, 230, 12, narrow=True))
TWO_YEARS = (
    Size("max-xl:hidden", 920, 270, 24),
    Size("grid gap-6 sm:grid-cols-2 xl:hidden", 328, 220, 12, narrow=True),
)


@dataclass(frozen=True)
class Chart:
    """A chart of stacked bars: what it is called, what it shows in a sentence or two, its bars from left to right."""

    id: str
    title: str
    description: str
    fills: Sequence[Fill]
    bars: Sequence[Bar]
    sizes: Sequence[Size] = YEAR

    @property
    def legend(self) -> list[Fill]:
        """The fills that occur."""
        return [fill for fill in self.fills if any(bar.parts.get(fill.name) for bar in self.bars)]

    @property
    def drawings(self) -> list[tuple[Size, list[dict]]]:
        """Each size; where it holds fewer bars than there are, in several drawings on the same scale."""
        step, top = scale(max((bar.total for bar in self.bars), default=0))
        return [
            (size, [_drawing(size, list(bars), self.fills, step, top) for bars in batched(self.bars, size.most)])
            for size in self.sizes
        ]


def scale(most: int) -> tuple[int, int]:
    """The distance of the lines of the scale, and its top: whole numbers, five lines at most."""
    step = 1
    for step in (base * 10**power for power in range(9) for base in (1, 2, 5)):
        if step * 4 >= most:
            break
    return step, max(step, -(-most // step) * step)


def _drawing(size, bars, fills, step, top):
    room = size.height - TOP - FOOT
    pitch = (size.width - AXIS) / max(len(bars), 1)
    width = min(pitch * 0.62, 40)
    return {
        "width": size.width, "height": size.height, "left": AXIS,
        "rules": [_rule(value, TOP + room * (1 - value / top)) for value in range(0, top + 1, step)],
        "bars": [
            _bar(bar, fills, AXIS + pitch * (n + 0.5), width, TOP + room, room / top, size)
            for n, bar in enumerate(bars)
        ],
    }  # fmt: skip


def _rule(value, y):
    return {"value": value, "y": _n(y), "text_y": _n(y + 4), "text_x": AXIS - 8}


def _bar(bar, fills, middle, width, ground, unit, size):
    parts, y = [], ground
    for fill in fills:
        height = bar.parts.get(fill.name, 0) * unit
        if height:
            y -= height
            parts.append({"fill": fill.name, "y": _n(y), "height": _n(max(height - 1.5, 1))})
    return {
        "x": _n(middle - width / 2), "width": _n(width), "middle": _n(middle), "parts": parts, "total": bar.total,
        "total_y": _n(y - 6), "name": bar.short if size.narrow else bar.name, "name_y": _n(ground + 17),
        "under": bar.under, "under_y": _n(ground + 33),
    }  # fmt: skip


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
