"""Text read and text printed in, character error rate out."""

from __future__ import annotations

import re
import unicodedata

_SAME = str.maketrans({"–": "-", "—": "-", "“": '"', "”": '"', "‘": "'", "’": "'"})


def plain(text: str) -> str:
    """Return the text NFC, marks that look alike made one, leaders and white space folded."""
    text = unicodedata.normalize("NFC", text).translate(_SAME)
    text = re.sub(r"[.…·_]{3,}", " ", text.replace("…", "..."))
    return re.sub(r"\s+", " ", text).strip()


def infix_distance(pattern: str, text: str) -> int:
    """Return the fewest edits that turn `pattern` into some substring of `text`.

    Myers' bit-parallel algorithm (Journal of the ACM 46(3), 1999), on Python's long integers.
    """
    if not pattern:
        return 0
    at: dict[str, int] = {}
    for index, char in enumerate(pattern):
        at[char] = at.get(char, 0) | 1 << index
    top, mask = 1 << len(pattern) - 1, (1 << len(pattern)) - 1
    rises, falls, score = mask, 0, len(pattern)
    best = score
    for char in text:
        match = at.get(char, 0)
        diagonal = (((match & rises) + rises) ^ rises) | match | falls
        up = falls | ~(diagonal | rises) & mask
        down = rises & diagonal
        score += bool(up & top) - bool(down & top)
        best = min(best, score)
        up, down = up << 1 & mask, down << 1 & mask
        rises = down | ~(diagonal | up) & mask
        falls = up & diagonal
    return best


def order_free_errors(truth_lines: list[str], read: str) -> tuple[int, int]:
    """Return (errors, characters): every printed line sought anywhere in the text read.

    Neither reading order nor extra marks around a line count, lost and misread letters do.
    """
    text = plain(read)
    lines = [line for line in map(plain, truth_lines) if line]
    errors = sum(infix_distance(line, text) for line in lines)
    return errors, sum(map(len, lines))
