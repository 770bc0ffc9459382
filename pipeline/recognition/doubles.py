"""Lines as read in, the same ink only once out.

An engine's layout may cut one printed line into two blocks that overlap and read it twice, each
time a little differently. The surer line keeps its words; of the other only those stay that stand
on ink of their own. In the PDF two words on one place would hide each other from readers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.model import Box, Line, Word

_SAME_PLACE = 0.5  # of the smaller box: two printed words never overlap so much


def without_doubles(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines in their order, words that stand on another line's words left out."""
    by_trust = sorted(range(len(lines)), key=lambda index: -_trust(lines[index]))
    kept: dict[int, Line] = {}
    for index in by_trust:
        near = [word for line in kept.values() if _meet(line, lines[index]) for word in line.words]
        words = tuple(
            word for word in lines[index].words if not any(_doubles(word, other) for other in near)
        )
        if words:
            kept[index] = _of(lines[index], words)
    return tuple(kept[index] for index in sorted(kept))


def _of(line: Line, words: tuple[Word, ...]) -> Line:
    if len(words) == len(line.words) or line.baseline is None:
        return replace(line, words=words)
    # The baseline is given at the edges of the line, which have moved.
    box, (left_y, right_y) = line.box, line.baseline
    slope = (right_y - left_y) / max(box.width, 1)
    left, right = words[0].box.left, max(word.box.right for word in words)
    baseline = (left_y + slope * (left - box.left), left_y + slope * (right - box.left))
    return replace(line, words=words, baseline=baseline)


def _trust(line: Line) -> float:
    letters = sum(len(word.text) for word in line.words)
    return sum(len(word.text) * word.confidence for word in line.words) / max(letters, 1)


def _meet(line: Line, other: Line) -> bool:
    return _shared(line.box, other.box) > 0


def _doubles(word: Word, other: Word) -> bool:
    smaller = min(_area(word.box), _area(other.box))
    return _shared(word.box, other.box) > _SAME_PLACE * smaller


def _shared(one: Box, other: Box) -> int:
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(width, 0) * max(height, 0)


def _area(box: Box) -> int:
    return box.width * box.height
