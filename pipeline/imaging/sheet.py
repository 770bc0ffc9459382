"""A page image as scanned in, what is wrong with the sheet out: cut off, folded, covered.

Measured before the page is straightened: straightening fills its corners with paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.letters import LOOK_DPI, find_ink, find_letters
from pipeline.imaging.resample import gray, reduced
from pipeline.model import PageImage, Pixels

Edge = Literal["left", "right", "top", "bottom"]
EDGES: tuple[Edge, ...] = ("left", "right", "top", "bottom")

_CUT_LETTERS = 3  # letters of the text that touch one edge: less may be dirt
_NEAR = 4.0  # letter heights along the line: a letter has others beside it
_SAME_LINE = 0.7  # letter heights between the middles of letters of one line
_PAPER = 0.6  # of the usual paper's brightness
_MOST_TOUCHING = 200  # looked at on one edge

_COVER_DPI = 50.0
_COVERED = 0.72  # of the sheet's brightness: darker in one piece is no paper
_TEXT_IN = 0.16  # letters and lines are thinner than this
_SMALLEST_IN2, _LARGEST_IN2 = 0.06, 4.0
_LONGEST = 0.5  # of an edge: longer is the lid of the scanner, not a finger
_TRIANGLE = (0.38, 0.68)  # of its box: a folded corner fills half
_CORNER_SHARE = 0.7  # of the triangle that is covered
_SKIN_HUE, _SKIN_SATURATION = 25, (40, 190)  # OpenCV: half degrees, 0–255


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is wrong with a sheet."""

    cut_edges: tuple[Edge, ...] = ()  # the text goes on beyond them
    folded_corners: tuple[str, ...] = ()  # "top left", …
    fingers: int = 0  # skin over an edge of the sheet


def measure_sheet(image: PageImage) -> Sheet:
    """Return what is wrong with the sheet of a page as it was scanned, upright."""
    folded, fingers = _covers(image)
    return Sheet(_cut_edges(image), folded, fingers)


def _cut_edges(image: PageImage) -> tuple[Edge, ...]:
    """Return the edges where letters end that have others of their line beside them."""
    small, _ = reduced(gray(image.pixels), image.dpi, LOOK_DPI)
    ink = find_ink(small)
    letters = find_letters(ink)
    if not letters.height_px:
        return ()
    left, top, wide, high = (letters.boxes[:, side] for side in range(4))
    height, width = small.shape
    # The grain of a dark table beyond the sheet is no text.
    on_paper = ink.paper[top + high // 2, left + wide // 2] > _PAPER * np.median(ink.paper)
    touching = {
        "left": left <= 1,
        "right": left + wide >= width - 1,
        "top": top <= 1,
        "bottom": top + high >= height - 1,
    }
    return tuple(
        edge
        for edge in EDGES
        if _of_lines(letters.boxes, touching[edge] & on_paper, letters.height_px) >= _CUT_LETTERS
    )


def _of_lines(boxes: NDArray[np.int32], touching: NDArray[np.bool_], usual: float) -> int:
    """Count the touching letters that have two others of their line nearby."""
    inside = boxes[~touching]
    middles = inside[:, 1] + inside[:, 3] / 2
    count = 0
    for left, top, _, high in boxes[touching][:_MOST_TOUCHING]:
        on_line = np.abs(middles - (top + high / 2)) < _SAME_LINE * usual
        near = np.abs(inside[:, 0] - left) < _NEAR * usual
        count += int((on_line & near).sum() >= 2)
    return count


def _covers(image: PageImage) -> tuple[tuple[str, ...], int]:
    """Return which corners are folded over and how many fingers hold the sheet."""
    small, _ = reduced(image.pixels, image.dpi, _COVER_DPI)
    bright = gray(small)
    level = float(np.percentile(bright, 75))
    mask = (bright < _COVERED * level).astype(np.uint8)
    across = int(_TEXT_IN * _COVER_DPI) | 1
    # Beyond the edge all is as the edge is: what lies on it is not opened away.
    framed = cv2.copyMakeBorder(mask, *(across,) * 4, cv2.BORDER_REPLICATE)
    opened = cv2.morphologyEx(framed, cv2.MORPH_OPEN, np.ones((across, across), np.uint8))
    opened = opened[across:-across, across:-across]
    _, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
    folded, fingers = [], 0
    for label, (left, top, wide, high, area) in enumerate(stats[1:], start=1):
        corner = _corner(left, top, wide, high, small.shape)
        size_in2 = area / _COVER_DPI**2
        lies_along = wide > _LONGEST * small.shape[1] or high > _LONGEST * small.shape[0]
        if corner is None or not _SMALLEST_IN2 <= size_in2 <= _LARGEST_IN2 or lies_along:
            continue
        part = labels[top : top + high, left : left + wide] == label
        if " " in corner and _is_triangle(part, corner):
            folded.append(corner)
        elif _is_skin(small[top : top + high, left : left + wide], part):
            fingers += 1
    return tuple(sorted(folded)), fingers


def _corner(left: int, top: int, wide: int, high: int, shape: tuple[int, ...]) -> str | None:
    """Return which edge or corner ("top left") a part lies on, None: it lies inside."""
    down = "top" if top == 0 else "bottom" if top + high == shape[0] else ""
    across = "left" if left == 0 else "right" if left + wide == shape[1] else ""
    return f"{down} {across}".strip() or None


def _is_triangle(part: NDArray[np.bool_], corner: str) -> bool:
    """Tell whether a part fills the half of its box that lies in the corner."""
    filled = float(part.mean())
    upright = part[:: -1 if "bottom" in corner else 1, :: -1 if "right" in corner else 1]
    high, wide = upright.shape
    rows, columns = np.mgrid[0:high, 0:wide]
    half = rows / high + columns / wide < 1
    return _TRIANGLE[0] <= filled <= _TRIANGLE[1] and float(upright[half].mean()) > _CORNER_SHARE


def _is_skin(pixels: Pixels, part: NDArray[np.bool_]) -> bool:
    hue, saturation, _ = (
        float(np.median(channel[part]))
        for channel in cv2.split(cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV))
    )
    red = hue <= _SKIN_HUE or hue >= 180 - _SKIN_HUE / 3
    return red and _SKIN_SATURATION[0] <= saturation <= _SKIN_SATURATION[1]
