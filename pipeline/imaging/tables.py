"""A straightened page's ink copy in, the grids of its ruled tables out.

Rules are what is left of the ink when everything shorter is taken away along one direction. Those
that touch make one table. A frame, an underline and a piece of a scanner's border are none: a table
has two columns and more.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.box import Box
from pipeline.imaging.resample import reduced
from pipeline.layout import Table
from pipeline.model import Pixels

_DPI = 100.0
_INK = 180  # averaged down, a thin rule is pale
_STROKE_MM = (4.5, 4.5)  # straight ink in letters is shorter, level and upright
_GAP_MM = 1.5  # a worn rule has gaps
_RULE_MM = (18.0, 7.0)  # shortest level and upright rule: letters and underlines are shorter
_THICK_MM = 2.0  # what is thicker is the lid of the scanner
_TABLE_MM = (25.0, 8.0)  # smallest width and height of a table
_OF_SIDE = 0.2  # share of a table's side that a rule covers: some end at merged cells
_APART_MM = 2.0  # of two rules: nearer ones are one, drawn double
_FEWEST_COLUMNS = 2  # the stamp of arrival has rows in one column
_SLACK_MM = 1.0  # by which the end of a rule may miss the rule that it ends on
_MM_PER_INCH = 25.4


def find_tables(ink: Pixels, dpi: float) -> tuple[Table, ...]:
    """Return the tables of H×W gray pixels, dark on white, from the top, in their px."""
    small, small_dpi = reduced(ink, dpi, _DPI)
    px_mm = small_dpi / _MM_PER_INCH
    if min(small.shape) < _TABLE_MM[1] * px_mm:
        return ()
    level, upright = _rules((small < _INK).astype(np.uint8), px_mm)
    slack = max(3, round(2 * _SLACK_MM * px_mm) | 1)
    joined = cv2.dilate(level | upright, np.ones((slack, slack), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    tables = []
    for number, (left, top, width, height, _) in enumerate(stats[1:].tolist(), start=1):
        if width < _TABLE_MM[0] * px_mm or height < _TABLE_MM[1] * px_mm:
            continue
        place = slice(top, top + height), slice(left, left + width)
        own = (labels[place] == number).astype(np.uint8)
        rows = _places((level[place] * own).sum(axis=1), width, px_mm)
        columns = _places((upright[place] * own).sum(axis=0), height, px_mm)
        if len(rows) > 1 and len(columns) > _FEWEST_COLUMNS:
            tables.append(_table(columns, rows, left, top, dpi / small_dpi, ink.shape))
    return tuple(sorted(tables, key=lambda table: (table.box.top, table.box.left)))


def _rules(ink: NDArray[np.uint8], px_mm: float) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    thick = max(2, round(_THICK_MM * px_mm))
    solid = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((thick, thick), np.uint8))
    thin = ink & (1 - cv2.dilate(solid, np.ones((3, 3), np.uint8)))
    gap = max(2, round(_GAP_MM * px_mm))
    found = []
    for upright in (False, True):
        stroke, rule = (max(3, round(mm[upright] * px_mm)) for mm in (_STROKE_MM, _RULE_MM))
        pieces = cv2.morphologyEx(thin, cv2.MORPH_OPEN, _line(stroke, upright))
        whole = cv2.morphologyEx(pieces, cv2.MORPH_CLOSE, _line(gap, upright))
        found.append(cv2.morphologyEx(whole, cv2.MORPH_OPEN, _line(rule, upright)))
    return np.asarray(found[0], np.uint8), np.asarray(found[1], np.uint8)


def _line(length: int, upright: bool) -> NDArray[np.uint8]:
    return np.ones((length, 1) if upright else (1, length), np.uint8)


def _places(profile: NDArray[np.intp], side: int, px_mm: float) -> list[int]:
    """Return where rules lie along a side, one for each group of neighbours."""
    strong = np.flatnonzero(profile >= _OF_SIDE * side)
    if not len(strong):
        return []
    groups = np.split(strong, np.flatnonzero(np.diff(strong) > _APART_MM * px_mm) + 1)
    return [round(float(np.average(group, weights=profile[group]))) for group in groups]


def _table(
    columns: list[int], rows: list[int], left: int, top: int, scale: float, shape: tuple[int, ...]
) -> Table:
    xs = tuple(min(shape[1] - 1, round((left + x + 0.5) * scale)) for x in columns)
    ys = tuple(min(shape[0] - 1, round((top + y + 0.5) * scale)) for y in rows)
    return Table(Box(xs[0], ys[0], xs[-1] + 1, ys[-1] + 1), xs, ys)
