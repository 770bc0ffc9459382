"""White gutters that part two columns: rows in, free spans and placements out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Line
from pipeline.recognition.rows import Row, cut

_BAND = (0.18, 0.75)  # of the page's width: where a gutter may run
_MIN_GUTTER = 0.6  # of the line height; the blank between words is 0.25 of it
_OFF_CENTRE = 0.2  # of a column's width, between its middle and that of a line of it
_PROSE_WORDS = 3  # of a line of running text, at least
_MAX_BLANK = 1.2  # line heights between words of justified text
_MOST = 0.7  # share of a column's lines that must look like running text
_OVERHANG = 1.5  # line heights that a line may hang over its column, centred below it

Gap = tuple[float, float]  # px, a free span across


@dataclass(frozen=True, slots=True)
class Gutters:
    """Finds gutters on a page of this width and line height."""

    width_px: int
    em: float  # px, the median line height

    def gaps(self, row: Row) -> list[Gap]:
        """Return the free spans of the row where a gutter may run, the page's margins counted."""
        found: list[Gap] = []
        edge = 0.0
        for word in row.words:
            found += self._in_band((edge, float(word.box.left)))
            edge = max(edge, float(word.box.right))
        return found + self._in_band((edge, float(self.width_px)))

    def shared(self, gap: Gap, row: Row) -> Gap | None:
        """Return the widest part of the gap that is free in the row too, or None."""
        parts = [(max(gap[0], own[0]), min(gap[1], own[1])) for own in self.gaps(row)]
        wide = [part for part in parts if width(part) >= _MIN_GUTTER * self.em]
        return max(wide, key=width, default=None)

    def is_near(self, new: Sequence[Line], column: Sequence[Line], heights: float) -> bool:
        """Tell whether new lines lie within so many line heights of the column, if it has any."""
        if not column:
            return True
        top = min(line.box.top for line in new)
        bottom = max(line.box.bottom for line in new)
        apart = min(max(top - line.box.bottom, line.box.top - bottom) for line in column)
        return apart <= heights * self.em

    def is_under(self, new: Sequence[Line], column: Sequence[Line]) -> bool:
        """Tell whether new lines are set within the column or centred below it."""
        left, right = _extent(column)
        own_left, own_right = _extent(new)
        if own_left >= left - self.em and own_right <= right + self.em:
            return True
        return abs((own_left + own_right) - (left + right)) / 2 <= _OVERHANG * self.em

    def _in_band(self, gap: Gap) -> list[Gap]:
        part = (max(gap[0], _BAND[0] * self.width_px), min(gap[1], _BAND[1] * self.width_px))
        return [part] if width(part) >= _MIN_GUTTER * self.em else []


def width(gap: Gap) -> float:
    """Return the width (px) of a gap, negative when it is none."""
    return gap[1] - gap[0]


def sides(rows: Sequence[Row], gutter: float) -> tuple[list[Line], list[Line]]:
    """Return the lines left and right of the gutter (x in px), cutting those that cross it."""
    left: list[Line] = []
    right: list[Line] = []
    for line in (line for row in rows for line in row.lines):
        one, other = cut(line, gutter)
        left += [one] if one else []
        right += [other] if other else []
    return left, right


def text_beside(row: Row, gap: Gap) -> tuple[str, str]:
    """Return the row's text left and right of a gap that is free in it."""
    left = " ".join(word.text for word in row.words if word.box.left < gap[1])
    right = " ".join(word.text for word in row.words if word.box.left >= gap[1])
    return left, right


def is_centred(new: Sequence[Line], column: Sequence[Line]) -> bool:
    """Tell whether new lines share the middle of the column, give or take 0.2 of its width."""
    left, right = _extent(column)
    own_left, own_right = _extent(new)
    return abs((own_left + own_right) - (left + right)) / 2 <= _OFF_CENTRE * (right - left)


def is_prose(column: Sequence[Line], share: float, em: float) -> bool:
    """Tell whether most lines of the column are running text that fills `share` of its width.

    Cells of a table do not: they are short, or wide blanks stand between them.
    """
    left, right = _extent(column)
    good = sum(
        line.box.width >= share * (right - left)
        and len(line.words) >= _PROSE_WORDS
        and _widest_blank(line) <= _MAX_BLANK * em
        for line in column
    )
    return good >= _MOST * len(column)


def _widest_blank(line: Line) -> int:
    pairs = zip(line.words, line.words[1:], strict=False)
    return max((right.box.left - left.box.right for left, right in pairs), default=0)


def _extent(lines: Sequence[Line]) -> tuple[int, int]:
    return min(line.box.left for line in lines), max(line.box.right for line in lines)
