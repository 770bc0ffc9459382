"""Words in, one sheet of paper out: what stands where, in mm, and its text in reading order.

A sheet holds no pixels: `printing` draws it for a scanner, `vector` writes it as a PDF page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from samples.faces import MM_PER_PT, width_mm

A4_MM = (210.0, 297.0)
LANDSCAPE_MM = (297.0, 210.0)
Colour = tuple[int, int, int]
Point = tuple[float, float]
TONER: Colour = (24, 24, 26)
RED: Colour = (200, 30, 45)
BLUE: Colour = (28, 46, 150)


@dataclass(frozen=True)
class Word:
    """A word; its baseline starts at x, y."""

    x_mm: float
    y_mm: float
    text: str
    size_pt: float
    style: str = ""
    colour: Colour = TONER


@dataclass(frozen=True)
class Stroke:
    """A line through points: a rule, a frame, a pen."""

    points: tuple[Point, ...]  # mm
    width_mm: float
    colour: Colour = TONER


@dataclass(frozen=True)
class Modules:
    """A QR code; its upper left corner at x, y."""

    x_mm: float
    y_mm: float
    side_mm: float
    dark: NDArray[np.bool_]  # rows × columns


@dataclass(frozen=True)
class Seal:
    """A round red seal centred at x, y."""

    x_mm: float
    y_mm: float
    above: str  # runs along the upper arc
    below: str  # along the lower one
    worn: float = 0.4  # 0–1: how unevenly it is inked
    seed: int = 0


Item = Word | Stroke | Modules | Seal
Segment = tuple[str, str]  # a word, its style


@dataclass
class Sheet:
    """One side of paper; x to the right, y down, from its upper left corner."""

    size_mm: tuple[float, float] = A4_MM
    items: list[Item] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)  # what is printed, in reading order

    def put(
        self, x_mm: float, y_mm: float, text: str, size_pt: float = 14.0, style: str = "",
        anchor: str = "l", *, colour: Colour = TONER, tell: bool = True,
    ) -> float:  # fmt: skip
        """Print a line with its baseline at y; return where it ends in mm.

        `anchor`: l, m or r of the text stands at x. `tell`: it belongs to the text of the page.
        """
        segments = segments_of(text, style)
        width = natural_width(segments, size_pt)
        x_mm -= {"l": 0.0, "m": width / 2, "r": width}[anchor]
        return self.row(x_mm, y_mm, segments, size_pt, colour=colour, tell=tell)

    def row(
        self, x_mm: float, y_mm: float, segments: list[Segment], size_pt: float,
        stretch_mm: float = 0.0, *, colour: Colour = TONER, tell: bool = True,
    ) -> float:  # fmt: skip
        """Print words from x on, each gap wider by `stretch_mm`; return where they end in mm."""
        for number, (word, style) in enumerate(segments):
            if number:
                x_mm += width_mm(" ", size_pt) + stretch_mm
            self.items.append(Word(x_mm, y_mm, word, size_pt, style, colour))
            x_mm += width_mm(word, size_pt, style)
        if tell:
            self.lines.append(" ".join(word for word, _ in segments))
        return x_mm

    def rule(self, x_mm: float, y_mm: float, width_mm: float, thick_mm: float = 0.25) -> None:
        """Print a thin rule centred on x."""
        half = width_mm / 2
        self.items.append(Stroke(((x_mm - half, y_mm), (x_mm + half, y_mm)), thick_mm))

    def frame(
        self, left: float, top: float, right: float, bottom: float,
        thick_mm: float = 0.25, colour: Colour = TONER,
    ) -> None:  # fmt: skip
        """Print a rectangle."""
        corners = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
        self.items.append(Stroke(corners, thick_mm, colour))

    def leaders(self, left_mm: float, right_mm: float, y_mm: float, size_pt: float = 13.0) -> None:
        """Print dotted leaders; they are no text."""
        step = width_mm(".", size_pt)
        dots = "." * max(0, int((right_mm - left_mm) / step))
        self.items.append(Word(left_mm, y_mm, dots, size_pt))


def segments_of(text: str, style: str = "") -> list[Segment]:
    """Return the words of a text with their styles; *so* is bold, _so_ is italic."""
    segments: list[Segment] = []
    marked = {"*": "b", "_": "i", "": ""}
    for mark, inside, plain in re.findall(r"([*_])(.+?)\1|([^*_]+)", text):
        own = marked[mark] if mark else style
        segments += [(word, own) for word in (inside or plain).split()]
    return segments


def natural_width(segments: list[Segment], size_pt: float) -> float:
    """Return the width in mm of words with plain gaps between them."""
    gaps = width_mm(" ", size_pt) * max(0, len(segments) - 1)
    return sum(width_mm(word, size_pt, style) for word, style in segments) + gaps


def rows_of(
    segments: list[Segment], size_pt: float, first_mm: float, other_mm: float
) -> list[list[Segment]]:
    """Break words into rows: the first and the other rows have these widths."""
    rows: list[list[Segment]] = [[]]
    for segment in segments:
        limit = first_mm if len(rows) == 1 else other_mm
        if rows[-1] and natural_width([*rows[-1], segment], size_pt) > limit:
            rows.append([])
        rows[-1].append(segment)
    return rows


def leading_mm(size_pt: float, lines: float = 1.2) -> float:
    """Return the distance of two baselines."""
    return size_pt * lines * MM_PER_PT
