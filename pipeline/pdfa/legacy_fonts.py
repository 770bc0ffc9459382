"""A PDF with fonts from before Unicode in, a copy of it whose text is Unicode out.

Only what codes mean is written anew (ToUnicode, ISO 32000-1, 9.10.3): glyphs, codes and places
stay, so that the copy looks the same.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from pathlib import Path

import pikepdf
from fontTools.agl import toUnicode
from pikepdf import Dictionary, Name

from pipeline.errors import ToolCrashed
from pipeline.pdfa.font_rules import glyph_names
from pipeline.pdfa.rules import MALFORMED, Refused, stream_bytes
from pipeline.pdfa.to_unicode import is_unicode, read_to_unicode, write_to_unicode
from pipeline.vietnam.legacy import Encoding, letter_of

_MAX_CMAP_BYTES = 4_000_000
_REFUSED: tuple[type[Exception], ...] = (Refused, *MALFORMED)
_SOFT_HYPHEN = 0xAD  # TCVN3's ư; encodings call it a hyphen, which is another letter


def write_unicode(pdf: Path, fonts: Mapping[str, Encoding], out: Path) -> None:
    """Write a copy in which the fonts of these names, subset tags included, read as Unicode.

    Raises ToolCrashed when one does not say what its codes are.
    """
    try:
        with pikepdf.open(pdf) as copy:
            for entry in copy.objects:
                name = _name(entry)
                if name in fonts:
                    _rewrite(copy, entry, fonts[name])
            copy.save(out, deterministic_id=True, encryption=False)
    except _REFUSED as error:
        raise ToolCrashed(pdf.name, f"its legacy fonts: {error}") from error


def _name(entry: object) -> str:
    """Return the name of a font that text is shown with; none: it is something else."""
    if not isinstance(entry, Dictionary) or entry.get("/Type") != Name.Font:
        return ""
    if entry.get("/Subtype") in (Name.CIDFontType0, Name.CIDFontType2):
        return ""
    return str(entry.get("/BaseFont", ""))[1:]


def _rewrite(pdf: pikepdf.Pdf, font: pikepdf.Object, encoding: Encoding) -> None:
    composite = font.get("/Subtype") == Name.Type0
    shown = _mapped(font) if composite else _simple(font) | _mapped(font)
    if not shown:
        raise Refused("6.2.11.7.2", "a legacy font that does not say what its codes are")
    if not composite and encoding != "vni":
        shown[_SOFT_HYPHEN] = chr(_SOFT_HYPHEN)
    texts = {code: "".join(letter_of(c, encoding) for c in text) for code, text in shown.items()}
    data = write_to_unicode(texts, code_bytes=2 if composite else 1)
    font.ToUnicode = pikepdf.Stream(pdf, zlib.compress(data, 9), Filter=Name.FlateDecode)


def _mapped(font: pikepdf.Object) -> dict[int, str]:
    if "/ToUnicode" not in font:
        return {}
    stream = stream_bytes(font["/ToUnicode"], _MAX_CMAP_BYTES, "6.2.11.7.2", "ToUnicode")
    return {code: text for code, text in read_to_unicode(stream).items() if is_unicode(text)}


def _simple(font: pikepdf.Object) -> dict[int, str]:
    """Return the characters of a simple font's codes: such fonts were made for Windows."""
    encoding = font.get("/Encoding")
    base = encoding.get("/BaseEncoding") if isinstance(encoding, Dictionary) else encoding
    page = "mac_roman" if base == Name.MacRomanEncoding else "cp1252"
    plain = {code: bytes((code,)).decode(page, "ignore") for code in range(32, 256)}
    if isinstance(encoding, Dictionary):
        plain |= {code: toUnicode(name) for code, name in glyph_names(encoding)}
    return {code: text for code, text in plain.items() if is_unicode(text)}
