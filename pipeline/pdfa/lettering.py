"""Short texts in, paths that draw them out: marks that are seen without a font in the PDF.

The letters of a signature's appearance and of the conversion mark are filled outlines. So there
is no font to embed, to map to Unicode or to give widths (ISO 19005-2, 6.2.11), and the text layer
of the page is not touched. The face has the widths of Times New Roman, which Decree 30/2020 asks
for.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

from pipeline.pdfa.characters import writable

FACE = Path(__file__).parent / "fonts" / "marks.ttf"  # its licence lies beside it
_LEADING_EM = 1.2  # from one baseline to the next
_ASCENT_EM, _DESCENT_EM = 0.95, 0.25  # Ấ and ợ fit between


@dataclass(frozen=True, slots=True)
class Lettering:
    """Lines of text, ready to be drawn with their lower left corner at the origin."""

    content: bytes  # of a content stream: fills with the colour that is set
    width_pt: float
    height_pt: float


def letter(lines: Sequence[str], size_pt: float) -> Lettering:
    """Return the lines, one above the other, left-aligned; a letter that is missing is a box."""
    shown = [unicodedata.normalize("NFC", writable(line)) for line in lines]
    scale = size_pt / _units_per_em()
    height_pt = size_pt * (_ASCENT_EM + _DESCENT_EM + _LEADING_EM * (len(shown) - 1))
    parts, width_pt = [], 0.0
    for row, line in enumerate(shown):
        left, base = 0.0, height_pt - size_pt * (_ASCENT_EM + _LEADING_EM * row)
        for char in line:
            path, advance = _glyph(char)
            if path:
                parts.append(f"q {scale:.5f} 0 0 {scale:.5f} {left:.2f} {base:.2f} cm {path} f Q")
            left += advance * scale
        width_pt = max(width_pt, left)
    return Lettering("\n".join(parts).encode("ascii"), width_pt, height_pt)


@cache
def _face() -> TTFont:
    return TTFont(FACE)


def _units_per_em() -> int:
    return int(_face()["head"].unitsPerEm)


@cache
def _glyph(char: str) -> tuple[str, float]:
    """Return the operators of a character's outline, in font units, and its advance."""
    face = _face()
    name = face.getBestCmap().get(ord(char), ".notdef")
    pen = _PathPen(face.getGlyphSet())
    face.getGlyphSet()[name].draw(pen)
    return " ".join(pen.operators), float(face["hmtx"][name][0])


class _PathPen(BasePen):  # type: ignore[misc] # fontTools ships no types
    """Writes an outline as PDF operators; BasePen turns quadratic curves into cubic ones."""

    def __init__(self, glyphs: object) -> None:
        super().__init__(glyphs)
        self.operators: list[str] = []

    def _add(self, operator: str, *points: tuple[float, float]) -> None:
        numbers = " ".join(f"{side:.4g}" for point in points for side in point)
        self.operators.append(f"{numbers} {operator}".strip())

    def _moveTo(self, point: tuple[float, float]) -> None:
        self._add("m", point)

    def _lineTo(self, point: tuple[float, float]) -> None:
        self._add("l", point)

    def _curveToOne(self, *points: tuple[float, float]) -> None:
        self._add("c", *points)

    def _closePath(self) -> None:
        self._add("h")
