"""Any text in, text that may stand in an XML file out."""

from __future__ import annotations

import unicodedata
from xml.sax.saxutils import escape  # writes only: nothing untrusted is parsed here

# Line ends and tabs in an attribute would be read back as spaces (XML 1.0 §3.3.3).
_ENTITIES = {'"': "&quot;", "'": "&#39;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def escaped(text: str) -> str:
    """Return the text in NFC for element or attribute, without what XML 1.0 §2.2 forbids."""
    normal = unicodedata.normalize("NFC", text)
    return escape("".join(letter for letter in normal if _allowed(ord(letter))), _ENTITIES)


def _allowed(code: int) -> bool:
    if code < 0x20:
        return code in {0x9, 0xA, 0xD}
    return code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000
