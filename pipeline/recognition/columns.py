"""Where a page is set in two columns: rows in, zones with their gutter out.

The head (issuer left, national motto right) and the foot (recipients left, signer right) are
read column by column, everything else row by row. A zone grows from a seed row as long as one
white gutter runs through all its rows; tables have gutters too, but no such seed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.model import Line
from pipeline.recognition.gutters import (
    Gap,
    Gutters,
    is_centred,
    is_prose,
    sides,
    text_beside,
    width,
)
from pipeline.recognition.rows import Row, line_height
from pipeline.vietnam.phrases import (
    is_addressee_label,
    is_dateline,
    is_motto,
    is_recipients_label,
    is_signer_title,
)

_HEAD_SHARE = 0.5  # of the page's height: no head starts below
_FOOT_SHARE = 0.25  # and no foot above
_NEXT_LINE = 1.9  # line heights from bottom to top between lines of one column
_NEXT_BLOCK = 3.5  # between blocks of one column, such as motto and date
_SIGNATURE_ROOM = 16.0  # between the signer's title and name
_TITLES_APART = 1.5  # at least, between the titles of two signers
_PROSE_ROWS = 6  # rows of running text in two columns, at least
_PROSE_GUTTER = (0.38, 0.62)  # of the page's width: columns of text are about equal
_PROSE_FILL = 0.7  # of the column's width that such a row fills


@dataclass(frozen=True, slots=True)
class Zone:
    """Rows `first` to `last` (inclusive) in two columns, free of words in the span `gap`."""

    first: int
    last: int
    gap: Gap  # px
    kind: Literal["head", "foot", "prose"]

    @property
    def gutter(self) -> float:
        """Return x (px) of the middle of the gutter."""
        return (self.gap[0] + self.gap[1]) / 2


def find_zones(rows: Sequence[Row], width_px: int, height_px: int) -> list[Zone]:
    """Return the two-column zones of the page from top to bottom, none overlapping another."""
    finder = _Finder(rows, width_px, height_px)
    zones: list[Zone] = []
    for zone in (*finder.heads(), *finder.feet(), *finder.prose()):
        if all(zone.last < other.first or other.last < zone.first for other in zones):
            zones.append(zone)
    return sorted(zones, key=lambda zone: zone.first)


class _Finder:
    """Looks for zones among the rows of one page."""

    def __init__(self, rows: Sequence[Row], width_px: int, height_px: int) -> None:
        self.rows = rows
        self.width_px = width_px
        self.height_px = height_px
        self.gutters = Gutters(width_px, line_height([line for row in rows for line in row.lines]))

    def heads(self) -> list[Zone]:
        """Return the head: the rows around the motto that one gutter parts."""
        for index, row in enumerate(self.rows):
            if row.box.top > _HEAD_SHARE * self.height_px:
                break
            gap = self._motto_gap(row)
            if gap is not None:
                zone = self._grow(Zone(index, index, gap, "head"), self._head_takes)
                if self._has_both_sides(zone):
                    return [zone]
        return []

    def feet(self) -> list[Zone]:
        """Return the zones of recipients and signers, the lowest first."""
        found: list[Zone] = []
        for index in range(len(self.rows) - 1, -1, -1):
            row = self.rows[index]
            if row.box.top < _FOOT_SHARE * self.height_px:
                break
            gap = self._recipients_gap(row) or self._signers_gap(row)
            if gap is None or any(zone.first <= index <= zone.last for zone in found):
                continue
            zone = self._grow(Zone(index, index, gap, "foot"), self._foot_takes)
            found += [zone] if self._has_both_sides(zone) else []
        return found

    def prose(self) -> list[Zone]:
        """Return zones of running text in two columns (bilingual papers, printed matter)."""
        found: list[Zone] = []
        index = 0
        while index < len(self.rows):
            zone = self._prose_from(index)
            if zone is not None:
                found.append(zone)
                index = zone.last
            index += 1
        return found

    def _motto_gap(self, row: Row) -> Gap | None:
        """Return the widest free span that has the motto on its right, if the row holds it."""
        gaps = [gap for gap in self.gutters.gaps(row) if is_motto(text_beside(row, gap)[1])]
        return max(gaps, key=width, default=None)

    def _recipients_gap(self, row: Row) -> Gap | None:
        """Return the widest free span behind `Nơi nhận`, if the row starts with it."""
        if row.box.left > 0.5 * self.width_px:
            return None
        gaps = [
            gap for gap in self.gutters.gaps(row) if is_recipients_label(text_beside(row, gap)[0])
        ]
        return max(gaps, key=width, default=None)

    def _signers_gap(self, row: Row) -> Gap | None:
        """Return the gap between two signers' titles that are all that the row holds."""
        for gap in self.gutters.gaps(row):
            wide = width(gap) > _TITLES_APART * self.gutters.em
            if wide and all(is_signer_title(text) for text in text_beside(row, gap)):
                return gap
        return None

    def _prose_from(self, index: int) -> Zone | None:
        """Return the longest run of rows from `index` whose two columns are filled with text."""
        for gap in self.gutters.gaps(self.rows[index]):
            zone = Zone(index, index, gap, "prose")
            while _on_both_sides(self.rows[zone.last], zone.gap):
                if zone.last + 1 == len(self.rows):
                    break
                shared = self.gutters.shared(zone.gap, self.rows[zone.last + 1])
                if shared is None or not _on_both_sides(self.rows[zone.last + 1], shared):
                    break
                zone = Zone(index, zone.last + 1, shared, "prose")
            if zone.last - zone.first + 1 >= _PROSE_ROWS and self._is_prose(zone):
                return zone
        return None

    def _is_prose(self, zone: Zone) -> bool:
        middle = zone.gutter / self.width_px
        return _PROSE_GUTTER[0] <= middle <= _PROSE_GUTTER[1] and all(
            column and is_prose(column, _PROSE_FILL, self.gutters.em)
            for column in self._columns(zone)
        )

    def _grow(self, zone: Zone, takes: Callable[[Zone, int, float], bool]) -> Zone:
        """Return the zone extended down, then up, row by row, while `takes` agrees."""
        for step in (1, -1):
            while True:
                index = (zone.last if step == 1 else zone.first) + step
                if not 0 <= index < len(self.rows):
                    break
                gap = self._shared(zone, self.rows[index])
                if gap is None or not takes(zone, index, (gap[0] + gap[1]) / 2):
                    break
                zone = Zone(min(zone.first, index), max(zone.last, index), gap, zone.kind)
        return zone

    def _shared(self, zone: Zone, row: Row) -> Gap | None:
        gap = self.gutters.shared(zone.gap, row)
        if gap is None and is_motto(text_beside(row, (zone.gutter, zone.gutter))[1]):
            return zone.gap  # specks or a seal in the gutter of a line that is known
        return gap

    def _head_takes(self, zone: Zone, index: int, gutter: float) -> bool:
        """Take lines near those above; a lone left line only inside the issuer's column."""
        left, right = sides(self.rows[zone.first : zone.last + 1], gutter)
        new_left, new_right = sides([self.rows[index]], gutter)
        near, under = self.gutters.is_near, self.gutters.is_under
        if any(is_addressee_label(line.text) for line in (*new_left, *new_right)):
            return False
        if index < zone.first:  # only stamps stand above the motto, the issuer may start there
            return bool(new_left) and near(new_left, [*left, *right], _NEXT_LINE)
        if new_right:  # a title centred on the page is no longer the right column
            placed = is_centred(new_right, right) or is_dateline(new_right[0].text)
            return placed and near(new_right, [*right, *left], _NEXT_BLOCK)
        if not left:  # an issuer that starts below the motto's first line
            return near(new_left, right, _NEXT_LINE)
        return near(new_left, left, _NEXT_LINE) and under(new_left, left)

    def _foot_takes(self, zone: Zone, index: int, gutter: float) -> bool:
        """Take titles above, recipients and titles below, and names after room to sign."""
        left, right = sides(self.rows[zone.first : zone.last + 1], gutter)
        new_left, new_right = sides([self.rows[index]], gutter)
        near = self.gutters.is_near
        if index < zone.first:  # the body's last line ends on the left, just above
            return not new_left and near(new_right, [*right, *left], _NEXT_LINE)
        if new_left and not near(new_left, left, _room_below(left)):
            return False
        return not new_right or near(new_right, right or left, _SIGNATURE_ROOM)

    def _columns(self, zone: Zone) -> tuple[list[Line], list[Line]]:
        return sides(self.rows[zone.first : zone.last + 1], zone.gutter)

    def _has_both_sides(self, zone: Zone) -> bool:
        return all(self._columns(zone))


def _room_below(column: Sequence[Line]) -> float:
    """Return how far (line heights) below a left column its next line may stand."""
    text = " ".join(line.text for line in column)
    signed = is_signer_title(text) and not is_recipients_label(text)
    return _SIGNATURE_ROOM if signed else _NEXT_LINE


def _on_both_sides(row: Row, gap: Gap) -> bool:
    words = row.words
    return words[0].box.right <= gap[0] and words[-1].box.left >= gap[1]
