"""A straightened page in, how far its lines bend and where a binding shades it out.

Measured and told, not undone: on gently curved pages every unwarping that was tried reads worse
than none. A bound book shows itself by both: lines dive towards the binding, the paper darkens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.background import Background, background_of
from pipeline.imaging.deskew import baseline_points
from pipeline.model import PageImage

_BANDS, _COLUMNS = 5, 12  # the page is looked at in so many pieces down and across
_FARTHEST_MM = 1.6  # from one column to the next: lines are 5 mm apart and more
_FEWEST = 120  # points of a piece: two lines of print
_ALIKE = 0.5  # correlation of neighbours: print on both sides
_LONGEST_GAP = 2  # columns between two that are compared
_FEWEST_COLUMNS = 7  # of a band, or its curve says nothing
_EDGE_MM = 25.0  # from the edge, within which a binding shades
_RIM_MM = 3.0  # at the very edge a scanner's lid shows
_SHADE = 0.5  # share of the light lost: reading does not suffer, a person who looks does
_JUMP = 0.6  # of the whole fall in one sixth of the way: a border
_MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Curl:
    """How a sheet is bent."""

    bend_mm: float  # farthest that a usual line is from straight; 0: too little print to tell
    shaded: Literal["left", "right"] | None  # edge along which a binding takes the light


def measure_curl(straight: PageImage, scanned: PageImage) -> Curl:
    """Return how far the lines of a straightened page bend, and where it is shaded as scanned.

    Straightening fills corners with white, so that the edges of `straight` say nothing of light.
    """
    shaded = None if scanned.bitonal else _shaded(background_of(scanned))
    return Curl(_bend_mm(straight), shaded)


def _bend_mm(image: PageImage) -> float:
    points, dpi = baseline_points(image)
    if points.shape[1] < _FEWEST * _COLUMNS:
        return 0.0
    x, y = points
    column = np.minimum((x / (x.max() + 1) * _COLUMNS).astype(np.intp), _COLUMNS - 1)
    band = np.minimum((y / (y.max() + 1) * _BANDS).astype(np.intp), _BANDS - 1)
    bends = []
    for one in range(_BANDS):
        inside = band == one
        bend = _bend_px(column[inside], y[inside], _FARTHEST_MM * dpi / _MM_PER_INCH)
        if bend is not None:
            bends.append(bend)
    return round(float(np.median(bends)) / dpi * _MM_PER_INCH, 2) if bends else 0.0


def _bend_px(column: NDArray[np.intp], y: NDArray[np.float32], farthest: float) -> float | None:
    """Return how far the lines of a band are from straight: neighbours' shifts, added up."""
    reach = max(1, round(farthest))
    rows = (y - y.min()).astype(np.intp) if len(y) else y.astype(np.intp)
    height = int(rows.max()) + 1 + 2 * reach if len(rows) else 0
    profiles = [
        _smooth(np.bincount(rows[column == one] + reach, minlength=height))
        if (column == one).sum() >= _FEWEST
        else None
        for one in range(_COLUMNS)
    ]
    places, shifts = [], []
    total, last = 0.0, None
    for one, profile in enumerate(profiles):
        if profile is None:
            continue
        if last is not None:
            before = profiles[last]
            shift = _shift(before, profile, reach) if before is not None else None
            if shift is None or one - last > _LONGEST_GAP:
                continue
            total += shift
        places.append(float(one))
        shifts.append(total)
        last = one
    if len(places) < _FEWEST_COLUMNS:
        return None
    curve = np.array(shifts) - np.polyval(np.polyfit(places, shifts, 1), places)
    return float(np.abs(curve).max())


def _smooth(profile: NDArray[np.intp]) -> NDArray[np.float32]:
    smooth = cv2.GaussianBlur(profile.astype(np.float32).reshape(-1, 1), (0, 0), 1.0).ravel()
    return np.asarray(smooth - smooth.mean(), np.float32)


def _shift(before: NDArray[np.float32], after: NDArray[np.float32], reach: int) -> float | None:
    """Return how many px lower the lines of `after` lie; None: they are not the same lines."""
    scores = np.array([float(before @ np.roll(after, -lag)) for lag in range(-reach, reach + 1)])
    best = int(np.argmax(scores))
    size = float(np.linalg.norm(before) * np.linalg.norm(after))
    if size <= 0 or scores[best] < _ALIKE * size:
        return None
    if 0 < best < len(scores) - 1:
        left, top, right = scores[best - 1 : best + 2]
        bend = left - 2 * top + right
        return best - reach + (0.5 * (left - right) / bend if bend < 0 else 0.0)
    return float(best - reach)


def _shaded(background: Background) -> Literal["left", "right"] | None:
    """Return the edge towards which the paper darkens, little by little and all along it."""
    light = background.paper.mean(axis=2)
    height, width = light.shape
    edge, rim = (round(mm / _MM_PER_INCH * background.dpi) for mm in (_EDGE_MM, _RIM_MM))
    if width < 4 * edge:
        return None
    thirds = [light[part : part + height // 3] for part in (0, height // 3, 2 * height // 3)]
    for name, flip in (("left", 1), ("right", -1)):
        falls = []
        for third in thirds:
            across = np.median(third[:, ::flip], axis=0)
            inner, outer = float(np.median(across[2 * edge :])), across[rim:edge]
            steps = np.diff(outer[:: max(1, edge // 6)])
            little_by_little = (steps >= -1).all() and steps.max() <= _JUMP * steps.sum()
            falls.append(bool(outer[0] < (1 - _SHADE) * inner and little_by_little))
        if all(falls):
            return "left" if name == "left" else "right"
    return None
