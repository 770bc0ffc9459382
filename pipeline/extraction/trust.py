"""How sure a value is: its words, rule and pattern in, one confidence (0–1) out.

The engine's confidence of a word is not a probability. On 73 labelled scans a printed number was
right whenever its word had 0.88 or more, while hand-written ones, all read wrong, reached 0.97;
what parts the two is the height of the figures against the print beside them (`unevenness`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from math import prod
from statistics import median

from pipeline.model import Word
from pipeline.vietnam.letters import is_syllable

_SCEPTICISM = 0.75  # share of the engine's doubt that we keep: 0.88 becomes 0.91
# Engine's confidence of a word -> share of such words that are right: the lower bound (95 %) of
# what 1,435 words of abstracts on real scans showed. A lost mark is what the engine never notices.
_WORDS_RIGHT = ((0.95, 0.977), (0.9, 0.906), (0.85, 0.5), (0.0, 0.4))
_MISSPELT = 0.6  # a word that is no syllable and no abbreviation is worth less again
_EDGE_MARKS = ".,;:()\"'“”-–…"
_ODD_MIXTURE = re.compile(r"[^\W\d]\d[^\W\d]|\d[\]\[|{}<>=~^*]|[\]\[|{}<>=~^*]\d|[|{}<>=~^*\\]")
_PEN_UNEVENNESS = 1.3  # figures higher than the print by more are from a pen, or torn
_PEN_CONFIDENCE = 0.5  # the most that a hand-written figure is worth: it is never accepted
_DESCENDING = frozenset("gjpqyQ,;")
_LOW = frozenset("acemnorsuvwxz")


def reading_confidence(words: Sequence[Word], *, figures: bool) -> float:
    """Return how sure the words are all read right, 0–1; 1.0 for those of a text layer.

    One misread figure spoils a number, so the weakest word decides. Running text is right when
    every word is, so its words multiply.
    """
    if not words:
        return 0.0
    if figures:
        return min(1.0 - _SCEPTICISM * (1.0 - word.confidence) for word in words)
    return prod(_word_right(word) for word in words)


def _word_right(word: Word) -> float:
    """Return how often a word of this confidence is read right, marks and all."""
    bare = word.text.strip(_EDGE_MARKS)
    if word.engine == "text-layer" or not bare:
        return 1.0
    share = next(share for least, share in _WORDS_RIGHT if word.confidence >= least)
    spelt = bare.isupper() or not bare.isalpha() or is_syllable(bare)
    odd = not spelt or _ODD_MIXTURE.search(bare) is not None
    return share * _MISSPELT if odd else share


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
    capital_px = median(word.box.height / letter_height(word.text) for word in others)
    highest = max(word.box.height / letter_height(word.text) for word in value_words)
    return float(highest / capital_px) if capital_px else 1.0


def letter_height(text: str) -> float:
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
