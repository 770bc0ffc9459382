"""Faces that stand in for fonts that a PDF names but does not hold: characters in, a program out.

Liberation has the widths of Times New Roman, Arial and Courier New, which are those of Times,
Helvetica and Courier; what it has no letter for comes from DejaVu. Both may be embedded freely
(SIL Open Font Licence 1.1; Bitstream Vera licence). They are Debian packages of ours.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.filterPen import DecomposingFilterPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

_FOLDERS = tuple(
    Path("/usr/share/fonts/truetype", name) for name in ("liberation2", "liberation", "dejavu")
)
_DRAWN = {"serif": "LiberationSerif", "sans": "LiberationSans", "mono": "LiberationMono"}
_STYLES = {
    (False, False): "Regular",
    (True, False): "Bold",
    (False, True): "Italic",
    (True, True): "BoldItalic",
}
_UNITS_PER_EM = 2048  # of all faces here
_EPOCH = 3_850_000_000  # head.created and head.modified, fixed: the same bytes every time
_SYMBOL_CODES = 0xF000  # where the (3, 0) map of a symbolic font has its codes (9.6.6.4)
_MAX_SQUEEZE = 0.5  # a letter half as wide as the face's is another letter


@dataclass(frozen=True, slots=True)
class Face:
    """What a stand-in should look like."""

    kind: Literal["serif", "sans", "mono"]
    bold: bool = False
    italic: bool = False

    @property
    def name(self) -> str:
        """Return the PostScript name: LiberationSerif-Bold."""
        return f"{_DRAWN[self.kind]}-{_STYLES[self.bold, self.italic]}"


@dataclass(frozen=True, slots=True)
class Letter:
    """One code of a font: what it shows, and how far it moves on."""

    text: str  # one character, or those of a ligature
    width: float | None  # thousandths of an em; None: as wide as the face has it


@dataclass(frozen=True, slots=True)
class Program:
    """A TrueType program: glyph n + 1 draws letter n."""

    data: bytes
    widths: tuple[float, ...]  # of each letter, thousandths of an em
    box: tuple[int, int, int, int]  # of all glyphs, thousandths of an em
    ascent: int
    descent: int


def draw(face: Face, letters: Sequence[Letter], codes: Sequence[int] | None) -> Program | None:
    """Return a program with these letters; None: no installed face has one of them.

    `codes`: of each letter, 0–255, for the map of a symbolic font; None: no map, the glyphs are
    chosen by number. A letter that should be narrower than the face's is squeezed, as readers do;
    one that should be wider only moves on farther.
    """
    drawn = []
    for letter in letters:
        outline = _outline(face, letter)
        if outline is None:
            return None
        drawn.append(outline)
    names = [".notdef", *(f"g{number}" for number in range(1, len(drawn) + 1))]
    builder = FontBuilder(_UNITS_PER_EM, isTTF=True)
    builder.setupGlyphOrder(names)
    outlines = [(TTGlyphPen(None).glyph(), _UNITS_PER_EM // 2), *drawn]
    builder.setupGlyf({name: glyph for name, (glyph, _) in zip(names, outlines, strict=True)})
    glyphs = builder.font["glyf"]
    metrics = {
        name: (advance, getattr(glyphs[name], "xMin", 0))
        for name, (_, advance) in zip(names, outlines, strict=True)
    }
    builder.setupHorizontalMetrics(metrics)
    model = _open(face)
    ascent, descent = (model["hhea"].ascent, model["hhea"].descent) if model else (0, 0)
    builder.setupHorizontalHeader(ascent=ascent, descent=descent)
    builder.setupMaxp()
    builder.updateHead(created=_EPOCH, modified=_EPOCH)
    font = builder.font
    font.recalcTimestamp = False
    if codes is not None:
        font["cmap"] = _symbol_map(dict(zip(codes, names[1:], strict=True)))
    out = io.BytesIO()
    font.save(out)
    head = font["head"]
    return Program(
        data=out.getvalue(),
        widths=tuple(advance * 1000 / _UNITS_PER_EM for _, advance in drawn),
        box=tuple(_thousandths(side) for side in (head.xMin, head.yMin, head.xMax, head.yMax)),  # type: ignore[arg-type] # four
        ascent=_thousandths(ascent),
        descent=_thousandths(descent),
    )


def _outline(face: Face, letter: Letter) -> tuple[object, int] | None:
    """Return the glyph of a letter and its advance in units; None: no face has it."""
    found = [_find(face, char) for char in letter.text]
    advances = [advance for one in found if one is not None for advance in [one[2]]]
    if not found or len(advances) != len(found):
        return None
    own = sum(advances)
    advance = own if letter.width is None else round(letter.width * _UNITS_PER_EM / 1000)
    squeeze = min(1.0, advance / own) if own else 1.0
    if squeeze < _MAX_SQUEEZE:
        return None
    pen = TTGlyphPen(None)
    left = 0.0
    for one in found:
        assert one is not None  # noqa: S101 (for the type checker)
        glyphs, name, width = one
        moved = TransformPen(pen, (squeeze, 0, 0, 1, left * squeeze, 0))
        glyphs[name].draw(DecomposingFilterPen(moved, glyphs))
        left += width
    return pen.glyph(), advance


def _find(face: Face, char: str) -> tuple[Any, str, int] | None:
    """Return the glyphs of the first face that has a character, the glyph's name and advance."""
    for font in _candidates(face):
        name = font.getBestCmap().get(ord(char))
        if name is not None:
            return _glyphs(font), name, font["hmtx"][name][0]
    return None


def _candidates(face: Face) -> Iterator[TTFont]:
    for name in (face.name, "DejaVuSans-Bold" if face.bold else "DejaVuSans"):
        font = _installed(name)
        if font is not None:
            yield font


def _open(face: Face) -> TTFont | None:
    return _installed(face.name)


@cache
def _installed(name: str) -> TTFont | None:
    for folder in _FOLDERS:
        path = folder / f"{name}.ttf"
        if path.is_file():
            return TTFont(path, lazy=True)
    return None


@cache
def _glyphs(font: TTFont) -> Any:
    return font.getGlyphSet()


def _symbol_map(glyphs: dict[int, str]) -> object:
    """Return a cmap table with one map, as a symbolic font must have (ISO 19005-2, 6.2.11.6)."""
    table = newTable("cmap")
    table.tableVersion = 0
    symbols = CmapSubtable.newSubtable(4)
    symbols.platformID, symbols.platEncID, symbols.language = 3, 0, 0
    symbols.cmap = {_SYMBOL_CODES + code: name for code, name in glyphs.items()}
    table.tables = [symbols]
    return table


def _thousandths(units: float) -> int:
    return round(units * 1000 / _UNITS_PER_EM)
