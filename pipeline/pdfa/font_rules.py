"""Fonts with what is shown of them: embedded, measured right, and readable as text?

Accepted (ISO 19005-2, 6.2.11): composite fonts with Identity-H and an embedded TrueType or CFF
program, and simple TrueType and Type 1 fonts. Each shown code must have a glyph, a width equal to
the program's, and Unicode text. Type 3 fonts and other encodings are refused: they cost a claim.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping

import pikepdf
from fontTools.agl import AGL2UV, UV2AGL
from fontTools.encodings.MacRoman import MacRoman
from fontTools.encodings.StandardEncoding import StandardEncoding
from pikepdf import Array, Dictionary, Name

from pipeline.pdfa.drawing_rules import UsedFont
from pipeline.pdfa.font_program import FontProgram, read_program
from pipeline.pdfa.rules import Refused, dictionary, stream_bytes
from pipeline.pdfa.to_unicode import is_unicode, read_to_unicode

_WIDTH_TOLERANCE = 1.0  # thousandths of an em; what validators allow (6.2.11.5)
_MAX_CMAP_BYTES = 4_000_000
_SUBSET_TAG = re.compile(r"^/[A-Z]{6}\+")  # Qt tags one name of the two
_NONSYMBOLIC, _SYMBOLIC = 32, 4
_LATIN = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}
# Names of glyphs whose text needs no ToUnicode: the standard Latin set (6.2.11.7.2).
_LATIN_NAMES = frozenset(StandardEncoding) | frozenset(MacRoman)
_NAMED = {
    "/StandardEncoding": dict(enumerate(StandardEncoding)),
    "/MacRomanEncoding": dict(enumerate(MacRoman)),
    "/WinAnsiEncoding": {
        code: UV2AGL.get(ord(char), "")
        for code in range(32, 256)
        if (char := bytes((code,)).decode("cp1252", "replace")) != "\ufffd"
    },
}


def check_font(used: UsedFont) -> None:
    """Check one font for all strings shown with it; raises Refused."""
    kind = used.font.get("/Subtype")
    if kind == Name.Type0:
        _check_composite(used.font, codes_of(used, composite=True))
    elif kind == Name.TrueType:
        _check_truetype(used.font, codes_of(used, composite=False))
    elif kind == Name.Type1:
        _check_type1(used.font, codes_of(used, composite=False))
    else:
        raise Refused("6.2.11.2", f"a font of the kind {kind}")


def codes_of(used: UsedFont, *, composite: bool) -> set[int]:
    """Return the codes that are shown: of one byte each, or of two; raises Refused."""
    split = _pairs if composite else tuple
    return {code for text in used.strings for code in split(text)}


def _pairs(text: bytes) -> tuple[int, ...]:
    if len(text) % 2:
        raise Refused("6.2.11.3", "text with half a code")
    return struct.unpack(f">{len(text) // 2}H", text)


def _check_composite(font: pikepdf.Object, codes: set[int]) -> None:
    descendants = font.get("/DescendantFonts", Array())
    if font.get("/Encoding") != Name("/Identity-H") or len(descendants) != 1:
        raise Refused("6.2.11.3.3", "a composite font with another encoding than Identity-H")
    cid_font = dictionary(descendants[0], "6.2.11.3", "a CIDFont")
    descriptor = dictionary(cid_font.get("/FontDescriptor"), "6.2.11.4.1", "a font descriptor")
    if font.get("/BaseFont") is None or "/CIDSystemInfo" not in cid_font:
        raise Refused("6.2.11.2", "a composite font without name or character collection")
    kind = cid_font.get("/Subtype")
    program = read_program(descriptor)
    if kind == Name.CIDFontType2 and not program.is_cff:
        glyphs = _cid_to_gid(cid_font, codes)
    elif kind == Name.CIDFontType0 and program.is_cff:
        glyphs = {
            code: glyph for code in codes if (glyph := program.glyph_of_cid(code)) is not None
        }
    else:
        raise Refused("6.2.11.4.1", "a CIDFont without the program of its kind")
    _check_names(font, cid_font, descriptor)
    _check_glyphs(glyphs, codes, program, dict(cid_widths(cid_font)), cid_font.get("/DW", 1000))
    _check_text(font, codes)


def _check_names(
    font: pikepdf.Object, cid_font: pikepdf.Object, descriptor: pikepdf.Object
) -> None:
    names = {
        _SUBSET_TAG.sub("/", str(name))
        for name in (cid_font.get("/BaseFont"), descriptor.get("/FontName"))
    }
    if len(names) != 1 or "/Type" not in font or "/Type" not in cid_font:
        raise Refused("6.2.11.2", "a font whose names or types differ")
    info = dictionary(cid_font["/CIDSystemInfo"], "6.2.11.3.1", "a character collection")
    for key in ("/Registry", "/Ordering"):
        if not isinstance(info.get(key), pikepdf.String):
            raise Refused("6.2.11.3.1", "a character collection without name")


def _cid_to_gid(cid_font: pikepdf.Object, codes: set[int]) -> dict[int, int]:
    mapping = cid_font.get("/CIDToGIDMap")
    if mapping == Name.Identity:
        return {code: code for code in codes}
    data = stream_bytes(mapping, 131_072, "6.2.11.3.2", "a CIDToGIDMap")
    return {
        code: struct.unpack_from(">H", data, 2 * code)[0]
        for code in codes
        if 2 * code + 2 <= len(data)
    }


def cid_widths(cid_font: pikepdf.Object) -> Iterator[tuple[int, float]]:
    """Yield CID and width from /W (ISO 32000-1, 9.7.4.3); raises Refused."""
    widths = list(cid_font.get("/W", Array()))
    position = 0
    while position + 1 < len(widths):
        first, second = int(widths[position]), widths[position + 1]
        if isinstance(second, Array):
            yield from ((first + step, float(width)) for step, width in enumerate(second))
            position += 2
        elif position + 2 < len(widths) and 0 <= first <= int(second) <= 0xFFFF:
            width = float(widths[position + 2])
            yield from ((cid, width) for cid in range(first, int(second) + 1))
            position += 3
        else:
            raise Refused("6.2.11.5", "widths that are no widths")


def _check_glyphs(
    glyphs: Mapping[int, int],
    codes: set[int],
    program: FontProgram,
    widths: Mapping[int, float],
    default: object,
) -> None:
    for code in sorted(codes):
        glyph = glyphs.get(code, 0)
        if glyph == 0 or not program.has_glyph(glyph):
            raise Refused("6.2.11.4.1, 6.2.11.8", "text whose glyphs are not in the font")
        width = widths.get(code, float(default) if isinstance(default, (int, float)) else -1e9)
        if abs(width - program.width(glyph)) > _WIDTH_TOLERANCE:
            raise Refused("6.2.11.5", "widths that are not those of the font program")


def _check_text(font: pikepdf.Object, codes: set[int]) -> None:
    cmap = stream_bytes(font.get("/ToUnicode"), _MAX_CMAP_BYTES, "6.2.11.7.2", "a ToUnicode map")
    texts = read_to_unicode(cmap)
    if not all(is_unicode(texts.get(code)) for code in codes):
        raise Refused("6.2.11.7.2", "codes without Unicode text")


def _check_truetype(font: pikepdf.Object, codes: set[int]) -> None:
    descriptor = dictionary(font.get("/FontDescriptor"), "6.2.11.4.1", "a font descriptor")
    program = read_program(descriptor)
    if program.is_cff or str(font.get("/BaseFont")) != str(descriptor.get("/FontName")):
        raise Refused("6.2.11.2", "a TrueType font whose program or name is another's")
    flags = int(descriptor.get("/Flags", 0)) & (_NONSYMBOLIC | _SYMBOLIC)
    encoding = font.get("/Encoding")
    if flags == _NONSYMBOLIC:
        glyphs = _nonsymbolic_glyphs(encoding, codes, program)
        if "/ToUnicode" in font:
            _check_text(font, codes)
    elif flags == _SYMBOLIC and encoding is None:
        glyphs = program.symbolic_glyphs()
        _check_text(font, codes)
    else:
        raise Refused("6.2.11.6", "a TrueType font whose flags and encoding disagree")
    _check_glyphs(glyphs, codes, program, _simple_widths(font), None)


def _simple_widths(font: pikepdf.Object) -> dict[int, float]:
    first = int(font.get("/FirstChar", 0))
    return {first + step: float(width) for step, width in enumerate(font.get("/Widths", Array()))}


def _check_type1(font: pikepdf.Object, codes: set[int]) -> None:
    """Check a simple font whose glyphs are chosen by name (ISO 32000-1, 9.6.6.2)."""
    descriptor = dictionary(font.get("/FontDescriptor"), "6.2.11.4.1", "a font descriptor")
    program = read_program(descriptor)
    if not program.names or str(font.get("/BaseFont")) != str(descriptor.get("/FontName")):
        raise Refused("6.2.11.2", "a Type 1 font whose program or name is another's")
    names = _type1_names(font.get("/Encoding"), codes, program)
    glyphs = {
        code: glyph for code in codes if (glyph := program.glyph_of_name(names[code])) is not None
    }
    _check_glyphs(glyphs, codes, program, _simple_widths(font), None)
    if "/ToUnicode" in font:
        _check_text(font, codes)
    elif not all(name in _LATIN_NAMES for name in names.values()):
        raise Refused("6.2.11.7.2", "codes without Unicode text")


def _type1_names(encoding: object, codes: set[int], program: FontProgram) -> dict[int, str]:
    named, changed = program.encoding, dict[int, str]()
    if isinstance(encoding, Dictionary):
        changed = dict(glyph_names(encoding))
        encoding = encoding.get("/BaseEncoding")
    if isinstance(encoding, Name):
        if str(encoding) not in _NAMED:
            raise Refused("6.2.11.6", "a Type 1 font with another encoding")
        named = _NAMED[str(encoding)]
    return {code: changed.get(code, named.get(code, "")) for code in codes}


def _nonsymbolic_glyphs(encoding: object, codes: set[int], program: FontProgram) -> dict[int, int]:
    """Return code → glyph through a Latin encoding and the (3, 1) map (6.2.11.6)."""
    base, changed = encoding, dict[int, str]()
    if isinstance(encoding, Dictionary):
        base = encoding.get("/BaseEncoding")
        changed = _differences(encoding)
    if not isinstance(base, Name) or str(base) not in _LATIN:
        raise Refused("6.2.11.6", "a TrueType font without a Latin encoding")
    found = {}
    for code in codes:
        text = changed.get(code) or bytes((code,)).decode(_LATIN[str(base)], "replace")
        glyph = program.glyph_of_character(text)
        if glyph is not None:
            found[code] = glyph
    return found


def _differences(encoding: pikepdf.Object) -> dict[int, str]:
    """Return code → character; refuses names that are not in the Adobe Glyph List."""
    found = dict(glyph_names(encoding))
    if not all(name in AGL2UV for name in found.values()):
        raise Refused("6.2.11.6", "a glyph name that is not in the Adobe Glyph List")
    return {code: chr(AGL2UV[name]) for code, name in found.items()}


def glyph_names(encoding: pikepdf.Object) -> Iterator[tuple[int, str]]:
    """Yield code and glyph name as /Differences lists them (ISO 32000-1, 9.6.6.1)."""
    code = 0
    for item in encoding.get("/Differences", Array()):
        if isinstance(item, Name):
            yield code, str(item)[1:]
            code += 1
        else:
            code = int(item)
