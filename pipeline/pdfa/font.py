"""The invisible font of the text layer: characters in, font objects out.

A TrueType font without ink: its glyphs are lines without area, one for each of a few widths, and
each used character is a CID that points to the glyph nearest to its width in Times. That gives
highlights as exact as a real font's at a twentieth of the bytes. The glyphs are not empty: pdfium
overlooks text without extent, a word of one letter first.

Readers take the height of a word from its font, so there are a few faces: one for words of small
letters, one for words with tall letters that reach below the line, and so on. They share program,
widths and ToUnicode, and cost about 250 bytes each; poppler's boxes overlap the printed words by
.78 with one face.
"""

from __future__ import annotations

import io
import struct
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pikepdf import Array, Dictionary, Name

from pipeline.errors import ToolCrashed
from pipeline.pdfa.to_unicode import write_to_unicode

UNITS_PER_EM = 1000
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


class Face(NamedTuple):
    """The height that readers give to words, font units above the baseline."""

    ascent: int
    descent: int  # never 0: poppler takes 0 for a fault and puts -350 in its place

    @property
    def resource(self) -> str:
        """The name of the face among the resources of a page."""
        return f"/F{FACES.index(self)}"

    @staticmethod
    def nearest(ascent_em: float, descent_em: float) -> Face:
        """Return the face that reaches nearest to so much above and below the baseline."""
        return min(
            FACES,
            key=lambda face: (
                abs(face.ascent - ascent_em * UNITS_PER_EM)
                + abs(-face.descent - descent_em * UNITS_PER_EM)
            ),
        )


# Small letters; with a mark; tall letters; tall letters with marks. On the line, and below it. Of
# fifteen, which words of other heights also have, 97 % of edges are within 2 pt, of these 95 %, but
# each costs 300 bytes in every file. poppler believes no ascent above 1050.
FACES = (
    Face(250, -10),  # dashes
    *(Face(up, down) for up in (500, 650, 800, 1000) for down in (-10, -200)),
)


class InvisibleFont:
    """Codes and widths of the characters of one archive PDF."""

    def __init__(self, characters: Iterable[str], faces: Iterable[Face] = FACES) -> None:
        """Number the characters by code point; raises ToolCrashed when there are too many."""
        self._faces = tuple(sorted(set(faces)))
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

    def write(self, pdf: pikepdf.Pdf) -> pikepdf.Dictionary:
        """Add the font's objects to a PDF; return the Type 0 font of each face by its resource."""
        program = font_program(self._faces)
        glyphs = [_glyph(char) for char in self._characters]
        shared = (
            _flate(pdf, program, Length1=len(program)),
            pdf.make_indirect(Array([1, Array([_WIDTHS[glyph - 1] for glyph in glyphs])])),
            _flate(pdf, write_to_unicode({code: char for char, code in self._codes.items()})),
        )
        fonts = Dictionary()
        for number, face in enumerate(self._faces):
            numbers = [glyph + number * len(_WIDTHS) for glyph in glyphs]
            fonts[face.resource] = _type0(pdf, face, numbers, *shared)
        return fonts


def _type0(
    pdf: pikepdf.Pdf,
    face: Face,
    glyphs: Sequence[int],
    program: pikepdf.Object,
    widths: pikepdf.Object,
    to_unicode: pikepdf.Object,
) -> pikepdf.Object:
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name("/" + NAME),
        Flags=4,  # symbolic: no standard Latin character set
        # As deep as it is high: PDFBox takes half of it for the height of letters.
        FontBBox=Array([0, -face.ascent, max(_WIDTHS), face.ascent]),
        ItalicAngle=0,
        Ascent=face.ascent,
        Descent=face.descent,
        CapHeight=face.ascent,
        StemV=80,
        FontFile2=program,
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name("/" + NAME),
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=500,
        W=widths,
        CIDToGIDMap=_flate(pdf, struct.pack(f">{len(glyphs) + 1}H", 0, *glyphs)),
    )
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name("/" + NAME),
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(descendant)]),
        ToUnicode=to_unicode,
    )
    return pdf.make_indirect(font)


@cache
def font_program(faces: tuple[Face, ...]) -> bytes:
    """Return the TrueType font as bytes, the same every time: the glyphs of each face in turn."""
    boxes = [(500, faces[0]), *((width, face) for face in faces for width in _WIDTHS)]
    names = [".notdef", *(f"g{number}" for number in range(1, len(boxes)))]
    glyphs = dict(zip(names, boxes, strict=True))
    builder = FontBuilder(UNITS_PER_EM, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupGlyf({name: _line(width, face) for name, (width, face) in glyphs.items()})
    builder.setupHorizontalMetrics({name: (width, 0) for name, (width, _) in glyphs.items()})
    ascent, descent = max(face.ascent for face in faces), min(face.descent for face in faces)
    builder.setupHorizontalHeader(ascent=ascent, descent=descent)
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


def _line(width: int, face: Face) -> object:
    """Return a glyph of two points: a box as wide and high as its character, no area to fill."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, face.descent))
    pen.lineTo((width, face.ascent))
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
