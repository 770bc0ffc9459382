"""The order in which a person reads a page: lines in, lines in reading order out.

Head and foot are read column by column, everything else row by row, tables too. Lines that the
engine joined across a gutter are cut, lines that it split on one row are joined. Each run of
lines that belong together carries one `block` number, counted from 0 in reading order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from pipeline.model import Line
from pipeline.recognition.columns import Zone, find_zones
from pipeline.recognition.gutters import sides
from pipeline.recognition.rows import Row, joined, line_height, rows_of

_NEW_BLOCK = 1.0  # line heights between lines of two blocks


def order(lines: Sequence[Line], width_px: int, height_px: int) -> tuple[Line, ...]:
    """Return the page's lines in reading order; the words are the same, each exactly once."""
    present = [line for line in lines if line.words]
    rows = rows_of(present)
    groups: list[list[Line]] = []
    index = 0
    for zone in find_zones(rows, width_px, height_px):
        groups += _by_block(rows[index : zone.first])
        groups += _by_column(rows[zone.first : zone.last + 1], zone)
        index = zone.last + 1
    groups += _by_block(rows[index:])
    return tuple(replace(line, block=block) for block, group in enumerate(groups) for line in group)


def two_columns(
    lines: Sequence[Line], width_px: int, height_px: int
) -> tuple[Literal["head", "foot"], ...]:
    """Return which of head and foot stand in two columns."""
    kinds = {zone.kind for zone in find_zones(rows_of(lines), width_px, height_px)}
    return tuple(kind for kind in ("head", "foot") if kind in kinds)


def _by_column(rows: Sequence[Row], zone: Zone) -> list[list[Line]]:
    """Return the left column, then the right one, as a block each."""
    columns = sides(rows, zone.gutter)
    return [_in_rows(rows_of(column)) for column in columns if column]


def _by_block(rows: Sequence[Row]) -> list[list[Line]]:
    """Return one line a row, in blocks that end where the engine or the spacing says so."""
    blocks: list[list[Line]] = []
    em = line_height([line for row in rows for line in row.lines])
    for line in _in_rows(rows):
        last = blocks[-1][-1] if blocks else None
        apart = last is None or line.box.top - last.box.bottom > _NEW_BLOCK * em
        if last is None or apart or line.block != last.block:
            blocks.append([line])
        else:
            blocks[-1].append(line)
    return blocks


def _in_rows(rows: Iterable[Row]) -> list[Line]:
    return [joined(row.lines) for row in rows]
