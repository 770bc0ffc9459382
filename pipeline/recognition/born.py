"""Born-digital text: is it sound, and which lines do its words form.

Broken ToUnicode maps draw well and read as garbage; such a page is recognised from its pixels
instead. Legacy fonts (TCVN3, VNI) have got Unicode before, where it was certain.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from pipeline.model import Line, Word
from pipeline.recognition.baselines import DESCENT, STANDING
from pipeline.recognition.reading_order import order
from pipeline.recognition.rows import Row, rows_of
from pipeline.vietnam.letters import marked_share, nfc, vietnamese_share

_MAX_GARBAGE = 0.005  # share of characters that no printed page bears
_ENOUGH_LETTERS = 20  # fewer tell nothing about the language
# Born-digital laws and letters: 94–99 % syllables, 26–31 % marked letters; the same texts in TCVN3
# or VNI read as Latin-1: below 45 % syllables.
_MIN_SYLLABLES = 0.6
_MIN_FOREIGN_LETTERS = 0.05
_STRIPPED_SYLLABLES = 0.65  # text without any mark, yet of Vietnamese syllables: the marks got lost
_MAX_SINGLE = 0.25  # share of one-letter words: letters of a word fell out
_VOWELS = (0.2, 0.65)  # share of vowels in real unmarked text
_WIDE_GAP = 1.6  # line heights: two lines stand beside each other
_SMALLEST_MARGIN = 0.06  # of the page's width; the right margin of an official paper


def text_survives(words: Sequence[Word]) -> bool:
    """Return whether the text of a page may be kept as it is instead of recognised again."""
    text = nfc(" ".join(word.text for word in words))
    visible = [letter for letter in text if not letter.isspace()]
    if not visible:
        return False
    if sum(_is_garbage(letter) for letter in visible) > _MAX_GARBAGE * len(visible):
        return False
    letters = [letter for letter in visible if letter.isalpha()]
    if len(letters) < _ENOUGH_LETTERS:
        return True
    if _single_share(text) > _MAX_SINGLE:
        return False
    foreign = sum(not letter.isascii() for letter in letters) / len(letters)
    if foreign >= _MIN_FOREIGN_LETTERS:
        return vietnamese_share(text) >= _MIN_SYLLABLES and marked_share(text) > 0
    return vietnamese_share(text) < _STRIPPED_SYLLABLES and _is_pronounceable(letters)


def lines_of(
    words: Sequence[Word], width_px: int | None = None, height_px: int | None = None
) -> tuple[Line, ...]:
    """Return the words as lines in reading order, each word exactly once.

    Without the size of the page it is estimated from the words and equal margins.
    """
    if not words:
        return ()
    left = min(word.box.left for word in words)
    right = max(word.box.right for word in words)
    bottom = max(word.box.bottom for word in words)
    width = width_px or round(right + max(left, _SMALLEST_MARGIN * right))
    height = height_px or round(bottom * 1.05)
    lines = [line for row in rows_of([Line((word,)) for word in words]) for line in _lines(row)]
    return order(lines, width, height)


def _lines(row: Row) -> list[Line]:
    """Return the words of a row as lines that end at wide gaps."""
    lines: list[list[Word]] = []
    for word in row.words:
        last = lines[-1][-1] if lines else None
        gap = word.box.left - last.box.right if last else 0
        if last is None or gap > _WIDE_GAP * max(last.box.height, word.box.height):
            lines.append([word])
        else:
            lines[-1].append(word)
    return [Line(tuple(line), _baseline(line)) for line in lines]


def _baseline(words: Sequence[Word]) -> tuple[float, float]:
    """Return the y (px) on which the words stand: level, for born-digital text is."""
    standing = sorted(word.box.bottom for word in words if STANDING.match(word.text))
    if standing:
        y = float(standing[len(standing) // 2])
    else:
        lowest = max(words, key=lambda word: word.box.bottom).box
        y = round(lowest.bottom - DESCENT * lowest.height, 2)
    return (y, y)


def _is_garbage(letter: str) -> bool:
    return letter == "\ufffd" or unicodedata.category(letter) in {"Cc", "Co", "Cn", "Cs"}


def _single_share(text: str) -> float:
    words = re.findall(r"[^\W\d_]+", text)
    return sum(len(word) == 1 for word in words) / len(words) if words else 0.0


def _is_pronounceable(letters: Sequence[str]) -> bool:
    """Tell text from codes of a broken map: about 40 % of Latin text are vowels.

    Capitals only are abbreviations and tables, which say nothing.
    """
    lower = [letter for letter in letters if letter.islower()]
    if len(lower) < _ENOUGH_LETTERS:
        return True
    share = sum(letter in "aeiouy" for letter in lower) / len(lower)
    return _VOWELS[0] <= share <= _VOWELS[1]
