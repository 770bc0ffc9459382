"""Text as it was read in, the characters that a PDF can hold of it out, in the order of readers."""

from __future__ import annotations

import re
import unicodedata

_RTL = frozenset({"R", "AL", "AN"})
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co"})


def writable(text: str) -> str:
    """Return what the text layer holds of a text: NFC, without what is no character.

    Left out: control, format and private-use characters, lone surrogates, non-characters. White
    space of any kind becomes one space. Nothing is folded: m² stays m².
    """
    kept = (" " if char.isspace() else char for char in text if _is_text(char) or char.isspace())
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def _is_text(char: str) -> bool:
    point = ord(char)
    if point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF:
        return False  # non-characters, which a ToUnicode map must not hold (6.2.11.7.2)
    return unicodedata.category(char) not in _DROPPED


def visual_order(text: str) -> str:
    """Return the characters of a word from left to right, as readers of PDF expect them.

    They take a page's text for its look and turn right-to-left runs round themselves.
    """
    if not any(unicodedata.bidirectional(char) in _RTL for char in text):
        return text
    clusters = re.findall(r"\d+|.", text)  # numbers keep their direction
    merged: list[str] = []
    for cluster in clusters:
        if merged and unicodedata.combining(cluster[0]):
            merged[-1] += cluster
        else:
            merged.append(cluster)
    return "".join(reversed(merged))
