"""A page image in, its skew measured and undone out.

The lines of a page are found by its projection profile: seen along the right angle, rows of
ink and rows of paper alternate most sharply (W. Postl, "Detection of linear oblique
structures and skew scan in digitized documents", ICPR 1986). Only the lower edges of the ink
are projected, which are baselines and rules, and each is spread over a pixel, so that the
sharpness has one smooth peak and not the steps of whole rows
([decision 13](docs/decisions/0013-skew-and-quarter-turns.md)).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.resample import gray
from pipeline.imaging.turn import turn
from pipeline.model import PageImage, Pixels

LARGEST_DEG = 45.0  # beyond it a page is nearer to another quarter turn
_LOOK_DPI = 140.0  # at least: finer pages are averaged by whole factors, which is fast
_COARSE_DPI = 75.0
_COARSE_STEP_DEG = 0.5
_FINE_STEPS_DEG = (0.06, 0.02)
_FINE_REACH = 6  # steps to either side: the first ones cover half a coarse step
_COARSE_INK, _FINE_INK = 12_000, 50_000  # px looked at: enough for every line of a page
_MIN_INK = 60  # px: below it, no line is there to be seen
_EVIDENCE = 0.6  # from here on an angle is believed
_STRONG = 0.75  # from here on even one beyond `max_deg`
_FEWEST_LINES, _LINE_SHARE = 5, 0.25  # and only with so many lines, of the strongest one's ink
_UNSEEN_DEG = 0.1  # 0.4 mm on the width of A4: nobody sees it, and interpolation costs sharpness
_BACKGROUND_IN = 0.2  # the paper's shade varies slowly against letters
_INK_DEPTH = 0.75  # of the paper's brightness: darker is ink
_MARGIN = 0.02  # of the page: scanner edges and punch holes lie there
_PARTS, _SPREAD = 4, 6  # of a px: rows are counted in quarters, each spread over one and a half


@dataclass(frozen=True, slots=True)
class Skew:
    """How far the printed lines are from level."""

    deg: float  # anticlockwise positive: the lines rise to the right; 0 without evidence
    evidence: float  # 0–1; how much sharper the lines stand at that angle than at others


def measure_skew(image: PageImage, *, max_deg: float = 10.0) -> Skew:
    """Return the angle by which the content is rotated, within ±`max_deg`.

    Where nothing is found there, an angle up to ±45° is believed if its evidence is strong.
    `max_deg` 0 measures nothing.
    """
    points, dpi = baseline_points(image)
    if points.shape[1] < _MIN_INK or max_deg <= 0:
        return Skew(0.0, 0.0)
    few = _some(points, _COARSE_INK) * np.float32(min(1.0, _COARSE_DPI / dpi))
    best, evidence = _coarse(few, max_deg)
    at_limit = abs(best) > max_deg - _COARSE_STEP_DEG
    if (evidence < _STRONG or at_limit) and max_deg < LARGEST_DEG:
        far, strong = _coarse(few, LARGEST_DEG)
        if strong >= _STRONG and _lines(few, far) >= _FEWEST_LINES:
            best, evidence = far, strong
    if evidence < _EVIDENCE:
        return Skew(0.0, round(evidence, 3))
    many = _some(points, _FINE_INK)
    for step in _FINE_STEPS_DEG:
        best = _refined(many, best, step)
    return Skew(round(best, 3), round(evidence, 3))


def measure_axis(image: PageImage) -> float:
    """Return how much better the lines of a page are seen across than down it, −1 … 1.

    Of 293 upright pages of real scans all but one have more than 0, and 245 more than .1 (rules of
    tables are seen in both ways); a page that lies on its side has as much below 0.
    """
    across = measure_skew(image).evidence
    down = measure_skew(turn(image, 1)).evidence
    return round(across - down, 3)


def straighten(image: PageImage, skew_deg: float) -> PageImage:
    """Return the image with a skew of `skew_deg` undone: same size, corners filled white.

    One interpolation; an angle below 0.1° changes nothing.
    """
    if abs(skew_deg) < _UNSEEN_DEG:
        return image
    centre = (image.width_px - 1) / 2, (image.height_px - 1) / 2
    matrix = cv2.getRotationMatrix2D(centre, -skew_deg, 1.0)
    turned = cv2.warpAffine(
        image.pixels,
        matrix,
        (image.width_px, image.height_px),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(255, 255, 255),
    )
    return replace(image, pixels=np.asarray(turned, dtype=np.uint8))


def _coarse(points: NDArray[np.float32], max_deg: float) -> tuple[float, float]:
    """Return the sharpest of the angles up to ±`max_deg`, and its evidence."""
    steps = math.floor(max_deg / _COARSE_STEP_DEG)
    angles = _COARSE_STEP_DEG * np.arange(-steps, steps + 1)
    sharpness = np.array([_sharpness(points, angle) for angle in angles])
    top, usual = float(sharpness.max()), float(np.median(sharpness))
    return float(angles[int(np.argmax(sharpness))]), 0.0 if top <= 0 else 1.0 - usual / top


def _refined(points: NDArray[np.float32], around_deg: float, step_deg: float) -> float:
    """Return the best angle near `around_deg`, between steps by a parabola through the peak."""
    angles = around_deg + step_deg * np.arange(-_FINE_REACH, _FINE_REACH + 1)
    sharpness = np.array([_sharpness(points, angle) for angle in angles])
    peak = int(np.argmax(sharpness))
    if not 0 < peak < len(angles) - 1:
        return float(angles[peak])
    left, top, right = sharpness[peak - 1 : peak + 2]
    bend = left - 2 * top + right
    shift = 0.5 * (left - right) / bend if bend < 0 else 0.0
    return float(angles[peak] + shift * step_deg)


def _sharpness(points: NDArray[np.float32], deg: float) -> float:
    """Return how sharply rows of ink alternate with rows of paper, seen along `deg`.

    It is the energy of the profile's difference from one px to the next, with every point spread
    as a triangle: two running means, one after the other.
    """
    angle = math.radians(deg)
    rows = points[1] * np.float32(_PARTS * math.cos(angle))
    rows += points[0] * np.float32(_PARTS * math.sin(angle))
    rows -= rows.min() - 3 * _SPREAD
    profile = np.bincount(rows.astype(np.int32))
    sums = np.concatenate([profile, np.zeros(3 * _SPREAD, np.int64)])
    for _ in range(2):
        sums = np.cumsum(sums)
        sums = sums[_SPREAD:] - sums[:-_SPREAD]
    change = (sums[_PARTS:] - sums[:-_PARTS]).astype(np.float64)
    return float(np.dot(change, change))


def _lines(points: NDArray[np.float32], deg: float) -> int:
    """Count the lines that are seen along `deg`: one stroke through an empty space is no text."""
    angle = math.radians(deg)
    rows = points[1] * np.float32(math.cos(angle)) + points[0] * np.float32(math.sin(angle))
    profile = np.bincount((rows - rows.min()).astype(np.int32))
    strong = profile > _LINE_SHARE * profile.max()
    return int(np.count_nonzero(strong[1:] & ~strong[:-1])) + int(strong[0])


def _some(points: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    return np.ascontiguousarray(points[:, :: points.shape[1] // count + 1])


def baseline_points(image: PageImage) -> tuple[NDArray[np.float32], float]:
    """Return x and y (2×N) of ink that has paper just below it, in px of the dpi returned."""
    factor = max(1, int(image.dpi / _LOOK_DPI))
    if min(image.width_px, image.height_px) < 4 * factor:  # no line fits in
        return np.zeros((2, 0), np.float32), image.dpi
    small = _averaged(gray(image.pixels), factor)
    dpi = image.dpi / factor
    half = _averaged(small, 2)
    reach = int(_BACKGROUND_IN * dpi / 2) | 1
    paper = cv2.blur(cv2.dilate(half, np.ones((reach, reach), np.uint8)), (reach, reach))
    paper = cv2.resize(paper, small.shape[::-1], interpolation=cv2.INTER_LINEAR)
    ink = cv2.compare(small, cv2.convertScaleAbs(paper, alpha=_INK_DEPTH), cv2.CMP_LT)
    edge = cv2.bitwise_and(ink[:-1], cv2.bitwise_not(ink[1:]))
    down, across = (max(1, int(side * _MARGIN)) for side in edge.shape)
    inner = np.ascontiguousarray(edge[down:-down, across:-across])
    found = cv2.findNonZero(inner) if inner.size else None
    if found is None:
        return np.zeros((2, 0), np.float32), dpi
    return np.ascontiguousarray(found.reshape(-1, 2).T, dtype=np.float32), dpi


def _averaged(pixels: Pixels, factor: int) -> Pixels:
    """Return the means of squares of `factor` px; what does not fill one at the edge is dropped."""
    high, wide = (side // factor for side in pixels.shape)
    if factor == 1 or not high or not wide:
        return pixels
    whole = pixels[: high * factor, : wide * factor]
    return np.asarray(cv2.resize(whole, (wide, high), interpolation=cv2.INTER_AREA), np.uint8)
