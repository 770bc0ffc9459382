"""A photographed page in, the corners of its sheet on the table out, where they are certain.

A scan shows paper to its edges; a photograph shows a darker table around the sheet. Each side is
looked for from the edge of the picture inward: where a run of table ends and paper begins. A side
counts when those places lie on one straight line all along it, and the outline only when all four
do and make the shape of a sheet that was seen aslant. Whatever is less certain is no outline: a
page that is wrongly bent is worse than one that stays as it was photographed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.resample import gray
from pipeline.model import PageImage, Pixels

_LONG_PX = 700.0  # longer side of the picture that is looked at
_INK_PX = 7  # wider than strokes on it: what is left is paper and table
_TABLE = 0.8  # brightness just outside to just inside: darker is table
_STEP_PX = 4  # from the middle of the edge to where outside and inside are looked at
_DEEPEST = 0.25  # of the picture: a side lies nearer to its edge
_PLAIN = 0.12  # share of brightness by which a table varies on the way in; print varies more
_SAMPLES = 120  # places looked at along each side
_ENOUGH = 0.6  # of them see the side
_ON_LINE_PX = 2.0  # paper curls
_CORNERS_DEG = (65.0, 115.0)
_LEAST_AREA = 0.4  # of the picture
_ASPECT = (1.2, 1.75)  # of the longer to the shorter side: A4 1.41, Letter 1.29, cards 1.59
_CONVERGE_DEG = 0.5  # of two opposite sides at least: else it is a small sheet on a scanner's lid
_INSET_PX = 1.5  # sides are drawn in by so much: paper curls, and a rim of table reads as a rule
_OPPOSITE = 0.75  # of one side to the other: a steeper photograph is no page to read


@dataclass(frozen=True, slots=True)
class Outline:
    """The sheet in a picture."""

    corners: tuple[tuple[float, float], ...]  # px: top left, top right, bottom right, bottom left
    evidence: float  # 0–1, share of places along the worst side that lie on its line


def measure_outline(image: PageImage) -> Outline | None:
    """Return the sheet's corners in px of the picture; None: not certain, or nothing around it.

    Corners may lie a little outside the picture. A scan of one bit a pixel is no photograph.
    """
    scale = _LONG_PX / max(image.width_px, image.height_px)
    if image.bitonal or scale > 1 or min(image.width_px, image.height_px) * scale < _SAMPLES:
        return None
    light = _without_ink(gray(image.pixels), scale)
    sides = [_side(np.ascontiguousarray(np.rot90(light, turns))) for turns in range(4)]
    if any(side is None for side in sides):
        return None
    found = [side for side in sides if side is not None]
    inset = np.array([_INSET_PX, 0.0])
    lines = [
        _turned_back(line + inset, turns, light.shape) for turns, (line, _) in enumerate(found)
    ]
    left, top, right, bottom = lines
    pairs = ((left, top), (top, right), (right, bottom), (bottom, left))
    corners = [_crossing(*pair) for pair in pairs]
    if not _is_sheet(np.array(corners), light.shape):
        return None
    evidence = min(share for _, share in found)
    places = tuple(
        (round((x + 0.5) / scale - 0.5, 1), round((y + 0.5) / scale - 0.5, 1)) for x, y in corners
    )
    return Outline(places, round(evidence, 3))


def _without_ink(light: Pixels, scale: float) -> NDArray[np.float32]:
    small = cv2.resize(light, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((_INK_PX, _INK_PX), np.uint8))
    return np.asarray(cv2.GaussianBlur(closed, (0, 0), 1.0), np.float32) + 1


def _side(light: NDArray[np.float32]) -> tuple[NDArray[np.float64], float] | None:
    """Return the left side of a sheet as (a, b) of x = a + b·y, and how much of it is seen."""
    height, width = light.shape
    rows = np.linspace(0.06 * height, 0.94 * height, _SAMPLES).astype(np.intp)
    places = np.array([_edge(light[row], int(_DEEPEST * width)) for row in rows])
    seen = places >= 0
    if seen.mean() < _ENOUGH:
        return None
    line = _straight(rows[seen].astype(np.float64), places[seen])
    on_line = np.abs(places[seen] - (line[0] + line[1] * rows[seen])) <= _ON_LINE_PX
    share = float(on_line.sum() / len(rows))
    return (line, share) if share >= _ENOUGH else None


def _edge(row: NDArray[np.float32], deepest: int) -> float:
    """Return where table ends and paper begins, from the left; −1: nowhere near the edge."""
    outside, inside = row[: deepest - 2 * _STEP_PX], row[2 * _STEP_PX : deepest]
    rising = np.flatnonzero(outside < _TABLE * inside)
    if not len(rising):
        return -1.0
    first = int(rising[0])
    run = row[: first + 1]
    if first > _STEP_PX and float(run.std()) > _PLAIN * float(inside[first]):
        return -1.0
    step = np.diff(row[first : first + 2 * _STEP_PX + 1])
    return float(first + 0.5 + int(np.argmax(step)))


def _straight(along: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the line through most places: a median of slopes, then least squares on it."""
    gaps = len(along) // 2
    slope = float(np.median((places[gaps:] - places[:-gaps]) / (along[gaps:] - along[:-gaps])))
    start = float(np.median(places - slope * along))
    near = np.abs(places - start - slope * along) <= 2 * _ON_LINE_PX
    if near.sum() < gaps // 2:
        return np.array([start, slope])
    return np.asarray(np.polynomial.polynomial.polyfit(along[near], places[near], 1))


def _turned_back(
    line: NDArray[np.float64], turns: int, shape: tuple[int, ...]
) -> NDArray[np.float64]:
    """Return (p, q, r) of p·x + q·y = r of a side that was found in the turned picture."""
    height, width = shape[:2]
    start, slope = line
    # In the turned picture u = start + slope · v.
    return {
        0: np.array([1.0, -slope, start]),
        1: np.array([slope, 1.0, start + slope * (width - 1)]),
        2: np.array([-1.0, slope, start - (width - 1) + slope * (height - 1)]),
        3: np.array([-slope, -1.0, start - (height - 1)]),
    }[turns]


def _crossing(one: NDArray[np.float64], other: NDArray[np.float64]) -> tuple[float, float]:
    place = np.linalg.solve(np.array([one[:2], other[:2]]), np.array([one[2], other[2]]))
    return float(place[0]), float(place[1])


def _is_sheet(corners: NDArray[np.float64], shape: tuple[int, ...]) -> bool:
    """Tell whether four corners make a sheet of paper that was photographed from above."""
    area = float(cv2.contourArea(corners.astype(np.float32)))
    if area < _LEAST_AREA * shape[0] * shape[1]:
        return False
    ways = np.roll(corners, -1, axis=0) - corners
    lengths = np.hypot(ways[:, 0], ways[:, 1])
    for before, after in zip(np.roll(ways, 1, axis=0), ways, strict=True):
        turn = math.degrees(math.atan2(_cross(before, after), -float(before @ after)))
        if not _CORNERS_DEG[0] <= abs(turn) <= _CORNERS_DEG[1]:
            return False
    for one in range(2):
        low, high = sorted((lengths[one], lengths[one + 2]))
        if low < _OPPOSITE * high:
            return False
    across, down = lengths[0] + lengths[2], lengths[1] + lengths[3]
    if not _ASPECT[0] <= max(across, down) / min(across, down) <= _ASPECT[1]:
        return False
    return max(_converge_deg(ways[one], -ways[one + 2]) for one in range(2)) >= _CONVERGE_DEG


def _converge_deg(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    return abs(math.degrees(math.atan2(_cross(one, other), float(one @ other))))


def _cross(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    return float(one[0] * other[1] - one[1] * other[0])
