"""Lines on one visual row: join what an engine split, cut what it joined across a gutter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Box, Line, Word

_SAME_ROW_OVERLAP = 0.5  # share of the lower line's height that two lines must share
_SAME_BASELINE = 0.5  # of the line height: how far the baselines may miss each other
_MAX_SHARED_WIDTH = 0.2  # of the narrower line: more, and one stands above the other
_OPEN_ROWS = 6  # rows that a line, coming from above, may still belong to
_DESCENT = 0.2  # of the line height, below the baseline, where the engine gave none


@dataclass(frozen=True, slots=True)
class Row:
    """Lines of one visual row, left to right, none above another."""

    lines: tuple[Line, ...]

    @property
    def box(self) -> Box:
        box = self.lines[0].box
        for line in self.lines[1:]:
            box = box.union(line.box)
        return box

    @property
    def words(self) -> tuple[Word, ...]:
        words = (word for line in self.lines for word in line.words)
        return tuple(sorted(words, key=lambda word: word.box.left))


def line_height(lines: Sequence[Line]) -> float:
    """Return the median height (px) of the lines; 1.0 of none."""
    heights = sorted(line.box.height for line in lines)
    return float(max(1, heights[len(heights) // 2])) if heights else 1.0


def rows_of(lines: Sequence[Line]) -> list[Row]:
    """Return the visual rows, top to bottom."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (_foot(line), line.box.left)):
        fitting = [row for row in rows[-_OPEN_ROWS:] if _fits(line, row)]
        if fitting:
            min(fitting, key=lambda row: min(_distance(line, other) for other in row)).append(line)
        else:
            rows.append([line])
    whole = [Row(tuple(sorted(row, key=lambda line: line.box.left))) for row in rows]
    return sorted(whole, key=lambda row: (_row_foot(row), row.box.left))


def joined(lines: Sequence[Line]) -> Line:
    """Return one line of all the words, left to right; its block is that of the first line."""
    if len(lines) == 1:
        return lines[0]
    ordered = sorted(lines, key=lambda line: line.box.left)
    words = tuple(sorted((w for line in ordered for w in line.words), key=lambda w: w.box.left))
    first, last = ordered[0].baseline, ordered[-1].baseline
    baseline = (first[0], last[1]) if first and last else None
    return Line(words, baseline, ordered[0].block)


def cut(line: Line, x: float) -> tuple[Line | None, Line | None]:
    """Return the parts of a line left and right of x (px); a word belongs where its middle is."""
    left = tuple(word for word in line.words if (word.box.left + word.box.right) / 2 < x)
    right = tuple(word for word in line.words if (word.box.left + word.box.right) / 2 >= x)
    return _part(line, left), _part(line, right)


def _part(line: Line, words: tuple[Word, ...]) -> Line | None:
    if not words:
        return None
    part = Line(words, block=line.block)
    if line.baseline is None:
        return part
    box, part_box = line.box, part.box
    slope = (line.baseline[1] - line.baseline[0]) / max(1, box.width)
    ends = (line.baseline[0] + slope * (x - box.left) for x in (part_box.left, part_box.right))
    left, right = (round(y, 2) for y in ends)
    return Line(words, (left, right), line.block)


def _fits(line: Line, row: Sequence[Line]) -> bool:
    """Tell whether a line stands beside all lines of a row and level with the nearest.

    Only the nearest counts: raised footnote marks, and rows that curl.
    """
    if any(_above(line, other) for other in row):
        return False
    return _level(line, min(row, key=lambda other: _apart(line.box, other.box)))


def _above(line: Line, other: Line) -> bool:
    one, two = line.box, other.box
    shared = min(one.right, two.right) - max(one.left, two.left)
    return shared > _MAX_SHARED_WIDTH * min(one.width, two.width)


def _apart(one: Box, two: Box) -> int:
    return max(one.left - two.right, two.left - one.right)


def _level(line: Line, other: Line) -> bool:
    one, two = line.box, other.box
    lower = min(one.height, two.height)
    if line.baseline and other.baseline:
        return _distance(line, other) < _SAME_BASELINE * lower
    return min(one.bottom, two.bottom) - max(one.top, two.top) >= _SAME_ROW_OVERLAP * lower


def _distance(line: Line, other: Line) -> float:
    """Return how far (px) the two lines miss each other in height where they come closest."""
    left, right = sorted((line, other), key=lambda one: one.box.left)
    if left.baseline and right.baseline:
        return abs(left.baseline[1] - right.baseline[0])
    return abs((left.box.top + left.box.bottom) - (right.box.top + right.box.bottom)) / 2


def _foot(line: Line) -> float:
    """Return the mean y (px) of the baseline, estimated where the engine gave none."""
    if line.baseline:
        return sum(line.baseline) / 2
    return line.box.bottom - _DESCENT * line.box.height


def _row_foot(row: Row) -> float:
    return sum(_foot(line) for line in row.lines) / len(row.lines)
