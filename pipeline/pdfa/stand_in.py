"""Fonts that a PDF names but does not hold: each gets the program that PDF/A asks for.

Whoever opens such a PDF sees a face that his reader chose. Here one of the same widths is chosen
once and for all (ISO 19005-2, 6.2.11.4.1): codes, places and text stay as they are. A font whose
codes do not say which letters they show is left alone.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress

import pikepdf
from fontTools.agl import toUnicode
from fontTools.encodings.StandardEncoding import StandardEncoding
from pikepdf import Array, Dictionary, Name

from pipeline.pdfa.drawing_rules import Drawing, UsedFont
from pipeline.pdfa.faces import Face, Letter, Program, draw
from pipeline.pdfa.font_rules import cid_widths, codes_of, glyph_names
from pipeline.pdfa.rules import MALFORMED, Refused, stream_bytes
from pipeline.pdfa.to_unicode import is_unicode, read_to_unicode, write_to_unicode
from pipeline.vietnam.letters import nfc

_PROGRAMS = ("/FontFile", "/FontFile2", "/FontFile3")
_SYMBOLIC = 4
_FIXED, _SERIF, _ITALIC, _BOLD = 1, 2, 64, 1 << 18  # flags of a font descriptor (9.8.2)
_MONO_NAMES = ("courier", "mono", "consol", "typewriter")
_SANS_NAMES = ("arial", "helvet", "sans", "calibri", "verdana", "tahoma", "segoe", "roboto")
_SERIF_NAMES = ("times", "serif", "roman", "georgia", "cambria", "garamond", "palatino", "book")
# Fonts whose codes mean letters of their own: a Latin letter in their place would be a lie.
_OWN_CODES = ("symbol", "dingbat", "wingding", "webding", ".vn", "vni-", "mt extra")
_LATIN = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}
_SPACE = 32
_MAX_CMAP_BYTES = 4_000_000
_BULLET = "•"  # what WinAnsi shows for codes without a letter of their own (Annex D.1)


def embed_missing(pdf: pikepdf.Pdf) -> tuple[str, ...]:
    """Give each font without program a stand-in for what is shown with it; return their names."""
    if not any(isinstance(entry, Dictionary) and lacks_program(entry) for entry in pdf.objects):
        return ()
    drawing = Drawing()
    for page in pdf.pages:
        # A page that the checks refuse is refused for that, whatever its fonts are.
        with suppress(Refused, *MALFORMED):
            drawing.check_page(page)
    embedded = []
    for used in drawing.fonts.values():
        with suppress(Refused, *MALFORMED):
            name = _plain(used.font.get("/BaseFont"))
            face = _embed(pdf, used)
            if face is not None:
                embedded.append(f"{name}: {face.name}")
    return tuple(sorted(set(embedded)))


def lacks_program(font: pikepdf.Object) -> bool:
    """Tell whether a font dictionary, simple or composite, names a font that is not in the file."""
    if font.get("/Subtype") == Name.Type0:
        descendants = font.get("/DescendantFonts", Array())
        return len(descendants) == 1 and lacks_program(descendants[0])
    if font.get("/Subtype") not in (Name.Type1, Name.TrueType, Name.CIDFontType2):
        return False
    descriptor = font.get("/FontDescriptor", Dictionary())
    return not any(key in descriptor for key in _PROGRAMS)


def _embed(pdf: pikepdf.Pdf, used: UsedFont) -> Face | None:
    font = used.font
    if not lacks_program(font):
        return None
    name = _plain(font.get("/BaseFont"))
    if any(own in name.lower() for own in _OWN_CODES):
        return None
    composite = font.get("/Subtype") == Name.Type0
    inner = font.DescendantFonts[0] if composite else font
    face = _face(name, int(inner.get("/FontDescriptor", Dictionary()).get("/Flags", 0)))
    codes = sorted(codes_of(used, composite=composite))
    if composite and font.get("/Encoding") != Name("/Identity-H"):
        return None
    texts: Mapping[int, str] | None
    if codes:
        texts = _texts(font, codes, composite=composite)
    else:  # chosen, but nothing is shown with it: a program it must have all the same
        codes, texts = [_SPACE], {_SPACE: " "}
    if texts is None:
        return None
    widths = _cid_widths(inner, codes) if composite else _simple_widths(font, codes)
    letters = [Letter(_shown(font, code, texts), widths[code]) for code in codes]
    program = draw(face, letters, None if composite else codes)
    if program is None:
        return None
    if composite:
        _write_composite(pdf, font, face, program, codes, texts)
    else:
        _write_simple(pdf, font, face, program, codes, texts)
    return face


def _face(name: str, flags: int) -> Face:
    low = name.lower()
    bold = any(word in low for word in ("bold", "black", "heavy")) or bool(flags & _BOLD)
    italic = any(word in low for word in ("italic", "oblique")) or bool(flags & _ITALIC)
    if any(word in low for word in _MONO_NAMES):
        return Face("mono", bold, italic)
    if any(word in low for word in _SANS_NAMES):
        return Face("sans", bold, italic)
    if any(word in low for word in _SERIF_NAMES):
        return Face("serif", bold, italic)
    if flags & _FIXED:
        return Face("mono", bold, italic)
    return Face("serif" if flags & _SERIF else "sans", bold, italic)


def _plain(name: object) -> str:
    text = str(name)[1:] if isinstance(name, Name) else ""
    return text[7:] if text[6:7] == "+" else text


def _texts(
    font: pikepdf.Object, codes: Sequence[int], *, composite: bool
) -> Mapping[int, str] | None:
    """Return the Unicode text of each code; None: that of one is not known."""
    mapped: dict[int, str] = {}
    if "/ToUnicode" in font:
        stream = stream_bytes(font["/ToUnicode"], _MAX_CMAP_BYTES, "6.2.11.7.2", "ToUnicode")
        mapped = {code: text for code, text in read_to_unicode(stream).items() if is_unicode(text)}
    if not composite:
        mapped = {code: _latin(font, code) or "" for code in codes} | mapped
    texts = {code: nfc(mapped.get(code, "")) for code in codes}
    return texts if all(texts.values()) else None


def _shown(font: pikepdf.Object, code: int, texts: Mapping[int, str]) -> str:
    """Return what a code shows: that of a simple font is said by its encoding first."""
    latin = None if font.get("/Subtype") == Name.Type0 else _latin(font, code)
    text = latin or texts[code]
    # White space of any kind and what has no form of its own has no ink.
    return "".join(char if char.isprintable() and not char.isspace() else " " for char in text)


def _latin(font: pikepdf.Object, code: int) -> str | None:
    """Return the character of a simple font's code by its encoding (ISO 32000-1, 9.6.6)."""
    encoding = font.get("/Encoding")
    if isinstance(encoding, Dictionary):
        named = dict(glyph_names(encoding))
        if code in named:
            return toUnicode(named[code]) or None
        encoding = encoding.get("/BaseEncoding")
    if isinstance(encoding, Name) and str(encoding) in _LATIN:
        char = bytes((code,)).decode(_LATIN[str(encoding)], "replace")
        return _BULLET if char == "\ufffd" else char
    if font.get("/Subtype") == Name.TrueType and "/ToUnicode" in font:
        return None
    return toUnicode(StandardEncoding[code]) or None


def _simple_widths(font: pikepdf.Object, codes: Sequence[int]) -> dict[int, float | None]:
    """Return the widths that the font says; of the 14 standard fonts it need not say any."""
    if "/Widths" not in font:
        return dict.fromkeys(codes)
    first = int(font.get("/FirstChar", 0))
    listed = {first + step: float(width) for step, width in enumerate(font["/Widths"])}
    missing = float(font.get("/FontDescriptor", Dictionary()).get("/MissingWidth", 0))
    return {code: listed.get(code, missing) for code in codes}


def _cid_widths(cid_font: pikepdf.Object, codes: Sequence[int]) -> dict[int, float | None]:
    listed, default = dict(cid_widths(cid_font)), float(cid_font.get("/DW", 1000))
    return {code: listed.get(code, default) for code in codes}


def _write_simple(
    pdf: pikepdf.Pdf,
    font: pikepdf.Object,
    face: Face,
    program: Program,
    codes: Sequence[int],
    texts: Mapping[int, str],
) -> None:
    """Make it a symbolic TrueType font: its program has a map of its own codes."""
    name = _tagged(face, program)
    widths = dict(zip(codes, program.widths, strict=True))
    for key in set(font.keys()) - {"/Type"}:
        del font[key]
    font.Type, font.Subtype, font.BaseFont = Name.Font, Name.TrueType, name
    font.FirstChar, font.LastChar = codes[0], codes[-1]
    font.Widths = Array([_width(widths.get(code, 0)) for code in range(codes[0], codes[-1] + 1)])
    font.FontDescriptor = _descriptor(pdf, name, program)
    font.ToUnicode = _flate(pdf, write_to_unicode(texts, code_bytes=1))


def _write_composite(
    pdf: pikepdf.Pdf,
    font: pikepdf.Object,
    face: Face,
    program: Program,
    codes: Sequence[int],
    texts: Mapping[int, str],
) -> None:
    """Keep the codes; the program numbers its glyphs in their order."""
    name = _tagged(face, program)
    glyphs = [0] * (codes[-1] + 1)
    for glyph, code in enumerate(codes, start=1):
        glyphs[code] = glyph
    widths = [
        item
        for code, width in zip(codes, program.widths, strict=True)
        for item in (code, Array([_width(width)]))
    ]
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=_descriptor(pdf, name, program),
        W=Array(widths),
        CIDToGIDMap=_flate(pdf, struct.pack(f">{len(glyphs)}H", *glyphs)),
    )
    font.Type, font.BaseFont = Name.Font, name
    font.DescendantFonts = Array([pdf.make_indirect(descendant)])
    font.ToUnicode = _flate(pdf, write_to_unicode(texts, code_bytes=2))


def _descriptor(pdf: pikepdf.Pdf, name: Name, program: Program) -> pikepdf.Object:
    return pdf.make_indirect(
        Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            Flags=_SYMBOLIC,
            FontBBox=Array(program.box),
            ItalicAngle=0,
            Ascent=program.ascent,
            Descent=program.descent,
            CapHeight=program.ascent,
            StemV=80,
            FontFile2=_flate(pdf, program.data, Length1=len(program.data)),
        )
    )


def _tagged(face: Face, program: Program) -> Name:
    """Return the name of a subset: six letters that tell it from another of the same face."""
    digest = hashlib.sha256(program.data).digest()
    return Name("/" + "".join(chr(65 + byte % 26) for byte in digest[:6]) + "+" + face.name)


def _width(width: float) -> float:
    return round(width, 3)


def _flate(pdf: pikepdf.Pdf, data: bytes, **entries: int) -> pikepdf.Stream:
    return pikepdf.Stream(pdf, zlib.compress(data, 9), Filter=Name.FlateDecode, **entries)
