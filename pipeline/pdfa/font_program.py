"""Embedded font programs: a font descriptor in, glyphs with their widths out."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from fontTools.cffLib import CFFFontSet
from fontTools.encodings.StandardEncoding import StandardEncoding
from fontTools.misc.psCharStrings import T2WidthExtractor
from fontTools.ttLib import TTFont, TTLibError
from pikepdf import Name

from pipeline.pdfa.rules import Refused, stream_bytes
from pipeline.pdfa.type1_program import Type1Program, read_type1

_MAX_BYTES = 30_000_000  # the largest CJK fonts have 20
# What fontTools raises on damaged fonts: it trusts its input.
_DAMAGED: tuple[type[Exception], ...] = (
    *(TTLibError, KeyError, IndexError, ValueError, TypeError, AttributeError),
    *(struct.error, AssertionError, EOFError, OverflowError, RecursionError),
)
_CLAUSE = "6.2.11.4.1"
_CFF_KINDS = (Name.CIDFontType0C, Name.Type1C)
_NO_GLYPH = ".notdef"


@dataclass(slots=True)
class FontProgram:
    """One font program; glyphs are numbered from 0, which is .notdef."""

    is_cff: bool
    glyph_count: int
    _widths: dict[int, float] = field(default_factory=dict)  # thousandths of an em, as asked for
    _truetype: Any = None  # fontTools.ttLib.TTFont
    _cff: Any = None  # fontTools.cffLib.TopDict
    _type1: Type1Program | None = None
    names: tuple[str, ...] = ()  # of the glyphs, where a simple font chooses them by name
    encoding: Mapping[int, str] = field(default_factory=dict)  # code → name, the program's own

    def has_glyph(self, glyph: int) -> bool:
        return 0 <= glyph < self.glyph_count

    def width(self, glyph: int) -> float:
        """Return the advance of a glyph in thousandths of an em."""
        if glyph not in self._widths:
            try:
                self._widths[glyph] = self._measure(glyph)
            except _DAMAGED as error:
                raise Refused(_CLAUSE, "a damaged font program") from error
        return self._widths[glyph]

    def glyph_of_name(self, name: str) -> int | None:
        """Return the glyph that a simple font chooses by name."""
        return self.names.index(name) if name in self.names else None

    def _measure(self, glyph: int) -> float:
        if self._type1 is not None:
            return self._type1.widths[self.names[glyph]]
        if self._truetype is not None:
            name = self._truetype.getGlyphName(glyph)
            advance = self._truetype["hmtx"][name][0]
            return float(advance * 1000 / self._truetype["head"].unitsPerEm)
        top = self._cff
        charstring = top.CharStrings[top.charset[glyph]]
        private = charstring.private
        reader = T2WidthExtractor(
            getattr(private, "Subrs", []),
            top.GlobalSubrs,
            private.nominalWidthX,
            private.defaultWidthX,
        )
        reader.execute(charstring)
        return float(reader.width * top.FontMatrix[0] * 1000)

    def glyph_of_cid(self, cid: int) -> int | None:
        """Return the glyph of a CID: through the charset of a CID-keyed font, else the same."""
        if self._cff is None:
            return None
        if not hasattr(self._cff, "ROS"):
            return cid
        name = f"cid{cid:05d}"
        return self._cff.charset.index(name) if name in self._cff.charset else None

    def glyph_of_character(self, character: str) -> int | None:
        """Return the glyph of a character in a nonsymbolic font (ISO 32000-1, 9.6.6.4).

        By the (3, 1) map, or else by its Mac Roman code and the (1, 0) map.
        """
        if unicode_map := self._mapped(3, 1):
            return unicode_map.get(ord(character))
        code = character.encode("mac_roman", "ignore")
        return self._mapped(1, 0).get(code[0]) if code else None

    def symbolic_glyphs(self) -> dict[int, int]:
        """Return code → glyph of a symbolic TrueType font (6.2.11.6).

        Through its (3, 0) map, whose codes may lie at 0xF000, or through its only map.
        """
        tables = self._tables()
        if any((table.platformID, table.platEncID) == (3, 0) for table in tables):
            mapped = self._mapped(3, 0)
            return {code & 0xFF: glyph for code, glyph in mapped.items()} if mapped else {}
        if len(tables) != 1:
            raise Refused("6.2.11.6", "a symbolic TrueType font with several maps")
        return self._mapped(tables[0].platformID, tables[0].platEncID)

    def _mapped(self, platform: int, encoding: int) -> dict[int, int]:
        for table in self._tables():
            if (table.platformID, table.platEncID) == (platform, encoding):
                try:
                    order = self._truetype.getReverseGlyphMap()
                    return {code: order[name] for code, name in table.cmap.items()}
                except _DAMAGED as error:
                    raise Refused(_CLAUSE, "a damaged font program") from error
        return {}

    def _tables(self) -> list[Any]:
        if self._truetype is None or "cmap" not in self._truetype:
            raise Refused("6.2.11.6", "a TrueType font without a map of its characters")
        try:
            return list(self._truetype["cmap"].tables)
        except _DAMAGED as error:
            raise Refused(_CLAUSE, "a damaged font program") from error


def read_program(descriptor: pikepdf.Object) -> FontProgram:
    """Return the embedded program; refuses what is absent, damaged or of another kind."""
    if "/CIDSet" in descriptor or "/CharSet" in descriptor:
        raise Refused("6.2.11.4.2", "a list of a font's glyphs, which we do not check")
    if "/FontFile2" in descriptor:
        data = stream_bytes(descriptor["/FontFile2"], _MAX_BYTES, _CLAUSE, "a font program")
        return _read(data, _read_truetype)
    if "/FontFile" in descriptor:
        data = stream_bytes(descriptor["/FontFile"], _MAX_BYTES, _CLAUSE, "a font program")
        return _read(data, _read_named_type1)
    embedded = descriptor.get("/FontFile3")
    if isinstance(embedded, pikepdf.Stream) and embedded.get("/Subtype") in _CFF_KINDS:
        return _read(stream_bytes(embedded, _MAX_BYTES, _CLAUSE, "a font program"), _read_cff)
    raise Refused(_CLAUSE, "a font that is not embedded, or not as TrueType or CFF")


def _read(data: bytes, reader: Any) -> FontProgram:
    try:
        program: FontProgram = reader(data)
    except _DAMAGED as error:
        raise Refused(_CLAUSE, "a damaged font program") from error
    return program


def _read_truetype(data: bytes) -> FontProgram:
    font = TTFont(io.BytesIO(data), lazy=True, recalcTimestamp=False, recalcBBoxes=False)
    for table in ("head", "hhea", "maxp", "loca", "glyf", "hmtx"):
        if table not in font:
            raise Refused(_CLAUSE, f"a TrueType program without {table}")
    count = font["maxp"].numGlyphs
    # Without a post table fontTools would take names from elsewhere: numbers are enough.
    font.setGlyphOrder([f"glyph{number:05d}" for number in range(count)])
    return FontProgram(is_cff=False, glyph_count=count, _truetype=font)


def _read_cff(data: bytes) -> FontProgram:
    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(data), None)
    if len(fonts) != 1:
        raise Refused(_CLAUSE, "a CFF program of several fonts")
    top = fonts[0]
    if hasattr(top, "ROS"):
        return FontProgram(is_cff=True, glyph_count=len(top.charset), _cff=top)
    codes = StandardEncoding if top.Encoding == "StandardEncoding" else top.Encoding
    encoding = {code: name for code, name in enumerate(codes) if name != _NO_GLYPH}
    return FontProgram(
        is_cff=True,
        glyph_count=len(top.charset),
        _cff=top,
        names=tuple(top.charset),
        encoding=encoding,
    )


def _read_named_type1(data: bytes) -> FontProgram:
    program = read_type1(data)
    names = (_NO_GLYPH, *(name for name in program.widths if name != _NO_GLYPH))
    return FontProgram(
        is_cff=False,
        glyph_count=len(names),
        _type1=program,
        names=names,
        encoding=program.encoding,
    )
