"""Where a page is set in two columns: rows in, zones with their gutter out.

The head (issuer left, national motto right) and the foot (recipients left, signer right) are
read column by column, everything else row by row. A zone grows from a seed row as long as one
white gutter runs through all its rows; tables have gutters too, but no such seed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.model import Line, Word
from pipeline.recognition.rows import Row, cut, line_height
from pipeline.vietnam.phrases import is_motto, is_recipients_label, is_signer_title

_BAND = (0.18, 0.75)  # of the page's width: where a gutter may run
_MIN_GUTTER = 0.6  # of the line height; the blank between words is 0.25 of it
_HEAD_SHARE = 0.5  # of the page's height: no head starts below
_FOOT_SHARE = 0.25  # and no foot above
_NEXT_LINE = 1.9  # line heights from bottom to top between lines of one column
_NEXT_BLOCK = 3.5  # between blocks of one column, such as motto and date
_SIGNATURE_ROOM = 16.0  # between the signer's title and name
_PROSE_ROWS = 6  # rows of running text in two columns, at least
_PROSE_FILL = 0.7  # of the column's width that such a row fills

Kind = Literal["head", "foot", "prose"]
Gap = tuple[float, float]  # px, a free span across


@dataclass(frozen=True, slots=True)
class Zone:
    """Rows `first` to `last` (inclusive) in two columns parted at x = `gutter` px."""

    first: int
    last: int
    gutter: float
    kind: Kind


@dataclass(frozen=True, slots=True)
class _Growth:
    """How far a zone reaches, and where all its rows are free."""

    first: int
    last: int
    gap: Gap

    @property
    def middle(self) -> float:
        return (self.gap[0] + self.gap[1]) / 2


def find_zones(rows: Sequence[Row], width_px: int, height_px: int) -> list[Zone]:
    """Return the two-column zones of the page from top to bottom, none overlapping another."""
    finder = _Finder(rows, width_px, height_px)
    zones: list[Zone] = []
    for zone in (*finder.heads(), *finder.feet(), *finder.prose()):
        if all(zone.last < other.first or other.last < zone.first for other in zones):
            zones.append(zone)
    return sorted(zones, key=lambda zone: zone.first)


def sides(rows: Sequence[Row], gutter: float) -> tuple[list[Line], list[Line]]:
    """Return the lines left and right of the gutter, cutting those that cross it."""
    left: list[Line] = []
    right: list[Line] = []
    for line in (line for row in rows for line in row.lines):
        one, other = cut(line, gutter)
        left += [one] if one else []
        right += [other] if other else []
    return left, right


class _Finder:
    """Looks for zones among the rows of one page."""

    def __init__(self, rows: Sequence[Row], width_px: int, height_px: int) -> None:
        self.rows = rows
        self.width = width_px
        self.height = height_px
        self.em = line_height([line for row in rows for line in row.lines])

    def heads(self) -> list[Zone]:
        """Return the head: the rows around the motto that one gutter parts."""
        for index, row in enumerate(self.rows):
            if row.box.top > _HEAD_SHARE * self.height:
                break
            gap = self._motto_gap(row)
            if gap is None:
                continue
            grown = self._grow(_Growth(index, index, gap), self._head_takes)
            left, right = sides(self.rows[grown.first : grown.last + 1], grown.middle)
            if left and right:
                return [Zone(grown.first, grown.last, grown.middle, "head")]
        return []

    def feet(self) -> list[Zone]:
        """Return the zones of recipients and signers, the lowest first."""
        found: list[Zone] = []
        for index in range(len(self.rows) - 1, -1, -1):
            row = self.rows[index]
            if row.box.top < _FOOT_SHARE * self.height:
                break
            gap = self._recipients_gap(row) or self._signers_gap(row)
            if gap is None or any(zone.first <= index <= zone.last for zone in found):
                continue
            grown = self._grow(_Growth(index, index, gap), self._foot_takes)
            left, right = sides(self.rows[grown.first : grown.last + 1], grown.middle)
            if left and right:
                found.append(Zone(grown.first, grown.last, grown.middle, "foot"))
        return found

    def prose(self) -> list[Zone]:
        """Return zones of running text in two columns (bilingual papers, printed matter)."""
        found: list[Zone] = []
        index = 0
        while index < len(self.rows):
            grown = self._prose_from(index)
            if grown is not None:
                found.append(Zone(grown.first, grown.last, grown.middle, "prose"))
                index = grown.last
            index += 1
        return found

    def _motto_gap(self, row: Row) -> Gap | None:
        """Return the free span left of the motto if the row holds it on the right."""
        for start in range(len(row.words)):
            words = row.words[start:]
            left = words[0].box.left
            if left < _BAND[0] * self.width:
                continue
            before = row.words[start - 1].box.right if start else 0
            if start and left - before < _MIN_GUTTER * self.em:
                continue
            if is_motto(" ".join(word.text for word in words)):
                return self._in_band((before, left))
        return None

    def _recipients_gap(self, row: Row) -> Gap | None:
        """Return the widest free span behind `Nơi nhận`, if the row starts with it."""
        if row.box.left > 0.5 * self.width:
            return None
        if not is_recipients_label(" ".join(word.text for word in row.words)):
            return None
        gaps = [gap for gap in self._gaps(row) if gap[0] > row.words[0].box.right]
        return max(gaps, key=lambda gap: gap[1] - gap[0], default=None)

    def _signers_gap(self, row: Row) -> Gap | None:
        """Return the gap between two signers' titles that are all that the row holds."""
        for gap in self._gaps(row):
            parts = [
                [word.text for word in row.words if (word.box.right <= gap[0]) == on_left]
                for on_left in (True, False)
            ]
            wide = gap[1] - gap[0] > 1.5 * self.em
            if wide and all(part and is_signer_title(" ".join(part)) for part in parts):
                return gap
        return None

    def _prose_from(self, index: int) -> _Growth | None:
        """Return the longest run of rows from `index` whose two columns are filled with text."""
        gaps = [gap for gap in self._gaps(self.rows[index]) if self._parts(self.rows[index], gap)]
        for gap in gaps:
            grown = _Growth(index, index, gap)
            while grown.last + 1 < len(self.rows):
                row = self.rows[grown.last + 1]
                shared = self._shared(grown.gap, row)
                if shared is None or not self._parts(row, shared):
                    break
                grown = _Growth(index, grown.last + 1, shared)
            rows = self.rows[index : grown.last + 1]
            if len(rows) >= _PROSE_ROWS and self._is_filled(rows, grown.middle):
                return grown
        return None

    def _is_filled(self, rows: Sequence[Row], gutter: float) -> bool:
        for column in sides(rows, gutter):
            width = max(line.box.right for line in column) - min(line.box.left for line in column)
            full = sum(line.box.width >= _PROSE_FILL * width for line in column)
            wordy = sum(len(line.words) >= 3 for line in column)
            if min(full, wordy) < 0.7 * len(column):
                return False
        return True

    def _grow(self, seed: _Growth, takes: Callable[[_Growth, int, Gap], bool]) -> _Growth:
        """Return the seed extended down, then up, row by row, while `takes` agrees."""
        grown = seed
        for step in (1, -1):
            while True:
                index = (grown.last if step == 1 else grown.first) + step
                if not 0 <= index < len(self.rows):
                    break
                gap = self._shared(grown.gap, self.rows[index])
                if gap is None or not takes(grown, index, gap):
                    break
                grown = _Growth(min(grown.first, index), max(grown.last, index), gap)
        return grown

    def _head_takes(self, grown: _Growth, index: int, gap: Gap) -> bool:
        """Take lines near those above; a lone left line only inside the issuer's column."""
        middle = (gap[0] + gap[1]) / 2
        left, right = sides(self.rows[grown.first : grown.last + 1], middle)
        new_left, new_right = sides([self.rows[index]], middle)
        if new_right:  # a title centred on the page is no longer the right column
            near = self._near(new_right, [*right, *left], _NEXT_BLOCK)
            return near and self._under(new_right, right)
        if not left:  # an issuer that starts below the motto's first line
            return self._near(new_left, right, _NEXT_LINE)
        return self._near(new_left, left, _NEXT_LINE) and self._under(new_left, left)

    def _foot_takes(self, grown: _Growth, index: int, gap: Gap) -> bool:
        """Take titles above, recipients and titles below, and names after room to sign."""
        middle = (gap[0] + gap[1]) / 2
        left, right = sides(self.rows[grown.first : grown.last + 1], middle)
        new_left, new_right = sides([self.rows[index]], middle)
        if index < grown.first:  # the body's last line ends on the left, just above
            return not new_left and self._near(new_right, [*right, *left], _NEXT_LINE)
        if new_left and not self._near(new_left, left, self._room(left, new_left)):
            return False
        return not new_right or self._near(new_right, right or left, _SIGNATURE_ROOM)

    def _room(self, column: Sequence[Line], new: Sequence[Line]) -> float:
        """Return how far below a left column its next line may stand: signers leave room."""
        text = " ".join(line.text for line in column)
        signed = is_signer_title(text) and not is_recipients_label(text)
        return _SIGNATURE_ROOM if signed and len(new) == 1 else _NEXT_LINE

    def _near(self, new: Sequence[Line], column: Sequence[Line], heights: float) -> bool:
        """Tell whether a new line lies within so many line heights of the column."""
        if not column:
            return True
        top = min(line.box.top for line in new)
        bottom = max(line.box.bottom for line in new)
        apart = min(max(top - line.box.bottom, line.box.top - bottom) for line in column)
        return apart <= heights * self.em

    def _under(self, new: Sequence[Line], column: Sequence[Line]) -> bool:
        """Tell whether new lines are set within or centred below the column."""
        left = min(line.box.left for line in column)
        right = max(line.box.right for line in column)
        own_left = min(line.box.left for line in new)
        own_right = max(line.box.right for line in new)
        if own_left >= left - self.em and own_right <= right + self.em:
            return True
        return abs((own_left + own_right) - (left + right)) / 2 <= 1.5 * self.em

    def _shared(self, gap: Gap, row: Row) -> Gap | None:
        """Return the widest part of the gap that is free in the row too, or None."""
        least = _MIN_GUTTER * self.em
        parts = [(max(gap[0], own[0]), min(gap[1], own[1])) for own in self._gaps(row)]
        wide = [part for part in parts if part[1] - part[0] >= least]
        return max(wide, key=lambda part: part[1] - part[0], default=None)

    def _parts(self, row: Row, gap: Gap) -> bool:
        """Tell whether the row has words on both sides of the gap."""
        return row.words[0].box.right <= gap[0] and row.words[-1].box.left >= gap[1]

    def _gaps(self, row: Row) -> list[Gap]:
        """Return the free spans of the row inside the band, the page's margins counted."""
        gaps: list[Gap] = []
        edge = 0.0
        for word in (*row.words, None):
            start = float(self.width) if word is None else float(word.box.left)
            gap = self._in_band((edge, start))
            if gap is not None:
                gaps.append(gap)
            edge = max(edge, _right(word)) if word else edge
        return gaps

    def _in_band(self, gap: Gap) -> Gap | None:
        left, right = max(gap[0], _BAND[0] * self.width), min(gap[1], _BAND[1] * self.width)
        return (left, right) if right - left >= _MIN_GUTTER * self.em else None


def _right(word: Word) -> float:
    return float(word.box.right)
