"""A page and a size in, a place near a corner where nothing is drawn out; or none.

What is added to a page (a signature's appearance, the conversion mark) must cover nothing that is
on it: no letter, seal, line or code.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import pypdfium2
from numpy.typing import NDArray

Corner = Literal["top-left", "top-right", "bottom-left", "bottom-right"]
CORNERS: tuple[Corner, ...] = ("top-left", "top-right", "bottom-left", "bottom-right")
PtBox = tuple[float, float, float, float]  # left, bottom, right, top in pt, as PDF has it

_DPI = 72  # one pixel a point: enough to see ink, which is wider
_MARGIN_PT = 14  # from the edges of the paper: printers do not print there
_CLEARANCE_PT = 2  # around what is added
_STEP_PT = 4
_REACH = 0.3  # of the page's sides: farther from the corner it is no mark in the corner
_INK = 40  # grey levels darker than the paper around: what is seen
_SHARE = 0.002  # of a place's pixels that may be specks


def free_box(page: pypdfium2.PdfPage, width_pt: float, height_pt: float, corner: Corner) -> (
    PtBox | None
):  # fmt: skip
    """Return the free place of that size that is nearest to the corner, or None."""
    ink = _ink(page)
    rows, columns = ink.shape
    wide, high = round(width_pt) + 2 * _CLEARANCE_PT, round(height_pt) + 2 * _CLEARANCE_PT
    most = _SHARE * wide * high
    # The sum over any rectangle from four corners of a summed table.
    table = np.pad(np.cumsum(np.cumsum(ink, axis=0, dtype=np.int64), axis=1), ((1, 0), (1, 0)))
    right, bottom = corner.endswith("right"), corner.startswith("bottom")
    for across, down in _offsets(columns, rows):
        left = columns - _MARGIN_PT - across - wide if right else _MARGIN_PT + across
        top = rows - _MARGIN_PT - down - high if bottom else _MARGIN_PT + down
        if left < 0 or top < 0 or left + wide > columns or top + high > rows:
            continue
        found = table[top + high, left + wide] + table[top, left]
        if found - table[top, left + wide] - table[top + high, left] <= most:
            x, y = left + _CLEARANCE_PT, rows - (top + high - _CLEARANCE_PT)
            return (float(x), float(y), float(x + width_pt), float(y + height_pt))
    return None


def free_box_of(
    pdf: Path, index: int, width_pt: float, height_pt: float, corner: Corner
) -> PtBox | None:
    """Return the same for a page (from 0) of a PDF file."""
    with pypdfium2.PdfDocument(pdf) as reader:
        page = reader[index]
        try:
            return free_box(page, width_pt, height_pt, corner)
        finally:
            page.close()


def _offsets(columns: int, rows: int) -> list[tuple[int, int]]:
    """Return steps away from the corner, nearest first; along an edge before into the page."""
    steps = [
        (across, down)
        for across in range(0, round(columns * _REACH), _STEP_PT)
        for down in range(0, round(rows * _REACH), _STEP_PT)
    ]
    return sorted(steps, key=lambda step: (step[0] + step[1], step))


def _ink(page: pypdfium2.PdfPage) -> NDArray[np.bool_]:
    """Return where a page is darker than its paper, a pixel a point."""
    bitmap = page.render(scale=_DPI / 72, may_draw_forms=True)
    try:
        # The darkest channel: a red seal or blue pen is ink, too.
        pixels = np.asarray(bitmap.to_pil().convert("RGB")).min(axis=2)
    finally:
        bitmap.close()
    paper = np.percentile(pixels, 75)
    return np.asarray(pixels < paper - _INK)
