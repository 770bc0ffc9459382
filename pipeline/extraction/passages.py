"""Words that belong together: lines in, passages with text, box and places out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.model import Box, Line, Word

_LETTER_OR_FIGURE = re.compile(r"[^\W_ʰ-˿]")  # a circumflex alone (ˆ) is a speck
# Marks that may begin or end a value; anything else at its edge is a speck or a part of a rule.
_OPENING, _CLOSING = "(\"“'+", ")\"”'%.,:;!?²/"
_DASH_CONFIDENCE = 0.8
_SPECK_CONFIDENCE = 0.35  # below it one or two letters alone at the edge are a speck


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of one page taken together, in reading order; its text joins them with spaces."""

    page: int  # from 1
    words: tuple[Word, ...]  # never empty

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        box = self.words[0].box
        for word in self.words[1:]:
            box = box.union(word.box)
        return box

    @property
    def middle(self) -> float:
        """Return x (px) of the middle."""
        box = self.box
        return (box.left + box.right) / 2

    def part(self, start: int, end: int) -> Passage | None:
        """Return the words that `text[start:end]` touches, whole; None when there are none."""
        touched: list[Word] = []
        place = 0
        for word in self.words:
            if place < end and place + len(word.text) > start:
                touched.append(word)
            place += len(word.text) + 1
        return Passage(self.page, tuple(touched)) if touched else None

    def tail(self, start: int) -> Passage | None:
        """Return what stands from character `start` on, a word cut there if need be."""
        kept: list[Word] = []
        place = 0
        for word in self.words:
            end = place + len(word.text)
            if place >= start:
                kept.append(word)
            elif end > start:
                kept.append(_cut_word(word, start - place, len(word.text)))
            place = end + 1
        return Passage(self.page, tuple(kept)) if kept else None

    def head(self, end: int) -> Passage | None:
        """Return what stands before character `end`, a word cut there if need be."""
        kept: list[Word] = []
        place = 0
        for word in self.words:
            if place + len(word.text) <= end:
                kept.append(word)
            elif place < end:
                kept.append(_cut_word(word, 0, end - place))
            place += len(word.text) + 1
        return Passage(self.page, tuple(kept)) if kept else None


def join(passages: Iterable[Passage]) -> Passage:
    """Return one passage of all words; they lie on one page. Raises IndexError of none."""
    parts = list(passages)
    return Passage(parts[0].page, tuple(word for part in parts for word in part.words))


def trim(passage: Passage | None) -> Passage | None:
    """Return the passage without rules, leaders and specks at its edges; None if nothing is left.

    Inside, words without letter or figure that no printed text holds alone are dropped too.
    """
    if passage is None:
        return None
    words = [word for word in passage.words if not _is_rule(word.text)]
    while words and _is_speck(words[0], words[1:2]):
        words = words[1:]
    while words and _is_speck(words[-1], words[-2:-1]) and not _is_dash(words[-1]):
        words = words[:-1]
    if words:
        words[0] = _bare(words[0], left=True)
    if words:
        words[-1] = _bare(words[-1], left=False)
    words = [word for word in words if word.text]
    return Passage(passage.page, tuple(words)) if words else None


def pieces(page: int, line: Line, gap_px: float) -> list[Passage]:
    """Return the parts of a line between gaps wider than `gap_px`."""
    runs: list[list[Word]] = [[line.words[0]]]
    for before, word in zip(line.words, line.words[1:], strict=False):
        if word.box.left - before.box.right > gap_px:
            runs.append([])
        runs[-1].append(word)
    return [Passage(page, tuple(run)) for run in runs]


def in_rows(passages: Sequence[Passage]) -> list[list[Passage]]:
    """Return passages that stand beside each other together, top to bottom, left to right."""
    rows: list[list[Passage]] = []
    for passage in sorted(passages, key=lambda one: (one.box.top + one.box.bottom, one.box.left)):
        if rows and all(_beside(passage.box, other.box) for other in rows[-1]):
            rows[-1].append(passage)
        else:
            rows.append([passage])
    return [sorted(row, key=lambda one: one.box.left) for row in rows]


def _beside(one: Box, other: Box) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    apart = min(one.right, other.right) <= max(one.left, other.left) + min(one.height, other.height)
    return apart and shared >= 0.5 * min(one.height, other.height)


def _cut_word(word: Word, start: int, end: int) -> Word:
    """Return a part of a word; its box is cut in proportion to the letters."""
    width, size = word.box.width, len(word.text)
    left = word.box.left + width * start // size
    right = max(left + 1, word.box.left + width * end // size)
    box = Box(left, word.box.top, right, word.box.bottom)
    return Word(word.text[start:end], box, word.confidence, word.engine)


def _is_rule(text: str) -> bool:
    """Tell a rule or leaders (`-----`, `……`, `|`) from words; a dash or a plus alone may stay."""
    return not _LETTER_OR_FIGURE.search(text) and text not in {"-", "–", "+", "&", "%", ".", "/"}


def _is_dash(word: Word) -> bool:
    """Tell a printed dash at the end of a line (`2024 -`, going on below) from a part of a rule."""
    return word.text in {"-", "–"} and word.confidence >= _DASH_CONFIDENCE


def _is_speck(word: Word, neighbour: Sequence[Word]) -> bool:
    if not _LETTER_OR_FIGURE.search(word.text):
        return True
    if len(word.text) > 2 or word.confidence >= _SPECK_CONFIDENCE or not neighbour:
        return False
    return word.box.height < 0.6 * neighbour[0].box.height or not word.text.isalnum()


def _bare(word: Word, *, left: bool) -> Word:
    text = word.text
    if left:
        kept = re.sub(rf"^[^\w{re.escape(_OPENING)}]+|^_+", "", text)
        start = len(text) - len(kept)
        return _cut_word(word, start, len(text)) if 0 < start < len(text) else word
    kept = re.sub(rf"[^\w{re.escape(_CLOSING)}]+$|_+$", "", text)
    return _cut_word(word, 0, len(kept)) if 0 < len(kept) < len(text) else word
