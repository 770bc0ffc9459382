"""The invisible font of the text layer: characters in, font objects out.

A TrueType font without ink: its glyphs are lines without area, one for each of a few widths, and
each used character is a CID that points to the glyph nearest to its width in Times. That gives
highlights as exact as a real font's at a twentieth of the bytes. The glyphs are not empty: pdfium
overlooks text without extent, a word of one letter first.
"""

from __future__ import annotations

import io
import struct
import unicodedata
import zlib
from collections.abc import Iterable
from functools import cache

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pikepdf import Array, Dictionary, Name

from pipeline.errors import ToolCrashed
from pipeline.pdfa.to_unicode import write_to_unicode

UNITS_PER_EM = 1000
ASCENT = 800  # font units above the baseline; with DESCENT the height that readers highlight
DESCENT = -200
NAME = "Sohoa-Invisible"

_WIDTHS = tuple(range(200, 1001, 50))  # font units; glyph n has width _WIDTHS[n - 1]
_MAX_CHARACTERS = 65_000  # a CID has 16 bits, and 0 must not be used
_EPOCH = 3_850_000_000  # head.created and head.modified, fixed: the same bytes every time

# Widths of the printable ASCII characters in Times Roman (Adobe Core 14 metrics), font units.
_TIMES = (
    *(250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278),
    *(500,) * 10,
    *(278, 278, 564, 564, 564, 444, 921),
    *(722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889),
    *(722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611),
    *(333, 278, 333, 469, 500, 333),
    *(444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778),
    *(500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444),
    *(480, 200, 480, 541),
)


class InvisibleFont:
    """Codes and widths of the characters of one archive PDF."""

    def __init__(self, characters: Iterable[str]) -> None:
        """Number the characters by code point; raises ToolCrashed when there are too many."""
        self._characters = sorted(set(characters))
        if len(self._characters) > _MAX_CHARACTERS:
            raise ToolCrashed(
                "text layer", f"{len(self._characters)} different characters, {_MAX_CHARACTERS} fit"
            )
        self._codes = {char: code for code, char in enumerate(self._characters, start=1)}

    def encode(self, text: str) -> bytes:
        """Return the text as the 16-bit codes of this font, big endian."""
        return b"".join(struct.pack(">H", self._codes[char]) for char in text)

    @staticmethod
    def width(text: str) -> float:
        """Return the advance of a text in ems."""
        return sum(_WIDTHS[_glyph(char) - 1] for char in text) / UNITS_PER_EM

    def write(self, pdf: pikepdf.Pdf) -> pikepdf.Object:
        """Add the font's objects to a PDF and return the Type 0 font, an indirect object."""
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name("/" + NAME),
            Flags=4,  # symbolic: no standard Latin character set
            FontBBox=Array([0, DESCENT, max(_WIDTHS), ASCENT]),
            ItalicAngle=0,
            Ascent=ASCENT,
            Descent=DESCENT,
            CapHeight=ASCENT,
            StemV=80,
            FontFile2=_flate(pdf, font_program(), Length1=len(font_program())),
        )
        glyphs = [_glyph(char) for char in self._characters]
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name("/" + NAME),
            CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
            FontDescriptor=pdf.make_indirect(descriptor),
            DW=500,
            W=Array([1, Array([_WIDTHS[glyph - 1] for glyph in glyphs])]),
            CIDToGIDMap=_flate(pdf, struct.pack(f">{len(glyphs) + 1}H", 0, *glyphs)),
        )
        font = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name("/" + NAME),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=_flate(
                pdf, write_to_unicode({code: char for char, code in self._codes.items()})
            ),
        )
        return pdf.make_indirect(font)


@cache
def font_program() -> bytes:
    """Return the TrueType font as bytes, the same every time."""
    names = [".notdef", *(f"w{width}" for width in _WIDTHS)]
    builder = FontBuilder(UNITS_PER_EM, isTTF=True)
    builder.setupGlyphOrder(names)
    advances = dict(zip(names, (500, *_WIDTHS), strict=True))
    builder.setupGlyf({name: _line(width) for name, width in advances.items()})
    builder.setupHorizontalMetrics({name: (width, 0) for name, width in advances.items()})
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    builder.setupMaxp()
    builder.updateHead(created=_EPOCH, modified=_EPOCH)
    font = builder.font
    font.recalcTimestamp = False
    # What a reader of PDF does not use (ISO 32000-1, 9.9): names, and the map of characters.
    for table in ("post", "OS/2", "name", "cmap"):
        if table in font:
            del font[table]
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _line(width: int) -> object:
    """Return a glyph of two points: a box as wide and high as its character, no area to fill."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, DESCENT))
    pen.lineTo((width, ASCENT))
    pen.closePath()
    return pen.glyph()


@cache
def _glyph(char: str) -> int:
    """Return the number of the glyph whose width is nearest to the character's in Times."""
    base = unicodedata.normalize("NFD", char)[0].replace("đ", "d").replace("Đ", "D")
    if " " <= base <= "~":
        width = _TIMES[ord(base) - 32]
    elif unicodedata.east_asian_width(char) in "WF":
        width = 1000
    else:
        width = 500
    return min(range(1, len(_WIDTHS) + 1), key=lambda glyph: abs(_WIDTHS[glyph - 1] - width))


def _flate(pdf: pikepdf.Pdf, data: bytes, **entries: int) -> pikepdf.Stream:
    return pikepdf.Stream(pdf, zlib.compress(data, 9), Filter=Name.FlateDecode, **entries)
