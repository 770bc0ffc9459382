"""How sure a value is: its words, rule and pattern in, one confidence (0–1) out.

The engine's confidence of a word is not a probability. On 73 labelled scans a printed number was
right whenever its word had 0.88 or more, while hand-written ones, all read wrong, reached 0.97;
what parts the two is the height of the figures against the print beside them (`unevenness`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from statistics import median

from pipeline.model import Word
from pipeline.vietnam.letters import is_syllable

_SCEPTICISM = 0.75  # share of the engine's doubt that we keep: 0.88 becomes 0.91
_PEN_UNEVENNESS = 1.22  # figures higher than the print by more are from a pen, or torn
_PEN_CONFIDENCE = 0.5  # the most that a hand-written figure is worth: it is never accepted
_DESCENDING = frozenset("gjpqyQ,;")
_LOW = frozenset("acemnorsuvwxz")


def reading_confidence(words: Sequence[Word], *, figures: bool) -> float:
    """Return how sure the words are read right together, 0–1.

    One misread figure spoils a number, so the weakest word decides; a long text is as good as its
    weaker words. Text of a text layer is 1.0.
    """
    if not words:
        return 0.0
    sure = [1.0 - _SCEPTICISM * (1.0 - word.confidence) for word in words]
    if figures:
        return min(sure)
    weakest, typical = min(sure), sum(sure) / len(sure)
    spelt = [
        is_syllable(word.text.strip(".,;:()\"'“”-")) or not _all_letters(word) for word in words
    ]
    misspelt = 1.0 - sum(spelt) / len(spelt)
    return max(0.0, 0.4 * weakest + 0.6 * typical - 0.5 * misspelt)


def pen_confidence(value_words: Sequence[Word], line_words: Sequence[Word]) -> float:
    """Return the most that figures of this height can be trusted beside that print, 0–1."""
    if any(word.engine == "text-layer" for word in value_words):
        return 1.0
    return _PEN_CONFIDENCE if unevenness(value_words, line_words) > _PEN_UNEVENNESS else 1.0


def unevenness(value_words: Sequence[Word], line_words: Sequence[Word]) -> float:
    """Return by what factor the highest of the words is too high for the print of its line.

    Each height is compared with that of a capital, as the letters of the word let expect.
    """
    others = [word for word in line_words if word not in value_words and _has_letters(word)]
    if not others or not value_words:
        return 1.0
    capital_px = median(word.box.height / _letter_height(word.text) for word in others)
    highest = max(word.box.height / _letter_height(word.text) for word in value_words)
    return float(highest / capital_px) if capital_px else 1.0


def _letter_height(text: str) -> float:
    """Return the height of the word's ink in heights of a capital, for a book face."""
    top, bottom = 0.0, 0.0
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        base, marks = parts[0], parts[1:]
        raised = sum(mark not in "\u0323\u031b" for mark in marks)
        if base.lower() == base and base in _LOW:
            top = max(top, 0.68 + 0.28 * raised)
        elif base.isalnum() or base in "/()":
            top = max(top, 1.0 + 0.24 * raised)
        if "\u0323" in marks:
            bottom = max(bottom, 0.22)
        if base in _DESCENDING:
            bottom = max(bottom, 0.25)
    return (top or 0.7) + bottom


def _has_letters(word: Word) -> bool:
    return sum(letter.isalpha() for letter in word.text) >= 2


def _all_letters(word: Word) -> bool:
    bare = word.text.strip(".,;:()\"'“”-")
    return len(bare) > 1 and bare.isalpha() and not bare.isupper()
