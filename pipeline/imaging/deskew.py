"""A page image in, its skew measured and undone out.

The lines of a page are found by its projection profile: seen along the right angle, rows of
ink and rows of paper alternate most sharply (W. Postl, "Detection of linear oblique
structures and skew scan in digitized documents", ICPR 1986).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.resample import gray, reduced
from pipeline.model import PageImage

_COARSE_DPI = 75.0
_FINE_DPI = 150.0
_COARSE_STEP_DEG = 0.5
_FINE_STEPS_DEG = (0.1, 0.025)
_MAX_INK = 150_000  # px looked at: enough for every line of a page
_MIN_INK = 200  # px at the coarse resolution: below it, no line is there to be seen
_EVIDENCE = (
    0.6  # from here on an angle is believed; pages of text have 0.7 and more, blank backs 0.3
)
_UNSEEN_DEG = 0.05  # a skew below it moves no pixel at the page's edge by more than 2 px at 300 dpi
_BACKGROUND_IN = 0.2  # in inches: the paper's shade varies slowly against letters
_INK_DEPTH = 0.75  # of the paper's brightness: darker is ink
_MARGIN = 0.02  # of the page: scanner edges and punch holes lie there


@dataclass(frozen=True, slots=True)
class Skew:
    """How far the printed lines are from level."""

    deg: float  # anticlockwise positive: the lines rise to the right; 0 without evidence
    evidence: float  # 0–1; how much sharper the lines stand at that angle than at others


def measure_skew(image: PageImage, *, max_deg: float = 10.0) -> Skew:
    """Return the angle by which the content is rotated, within ±`max_deg`."""
    coarse = _ink_points(image, _COARSE_DPI)
    if len(coarse) < _MIN_INK:
        return Skew(0.0, 0.0)
    angles = np.arange(-max_deg, max_deg + _COARSE_STEP_DEG / 2, _COARSE_STEP_DEG)
    sharpness = np.array([_sharpness(coarse, angle) for angle in angles])
    best = float(angles[int(np.argmax(sharpness))])
    fine = _ink_points(image, _FINE_DPI)
    for step in _FINE_STEPS_DEG:
        best = _refined(fine, best, step)
    top, usual = float(sharpness.max()), float(np.median(sharpness))
    evidence = 0.0 if top <= 0 else 1.0 - usual / top
    if evidence < _EVIDENCE or abs(best) > max_deg:
        return Skew(0.0, evidence)
    return Skew(round(best, 3), evidence)


def straighten(image: PageImage, skew_deg: float) -> PageImage:
    """Return the image with a skew of `skew_deg` undone: same size, corners filled white.

    One interpolation; an angle below 0.05° changes nothing.
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


def _refined(points: NDArray[np.float32], around_deg: float, step_deg: float) -> float:
    """Return the best angle near `around_deg`, between steps by a parabola through the peak."""
    angles = around_deg + step_deg * np.arange(-6, 7)
    sharpness = np.array([_sharpness(points, angle) for angle in angles])
    peak = int(np.argmax(sharpness))
    if not 0 < peak < len(angles) - 1:
        return float(angles[peak])
    left, top, right = sharpness[peak - 1 : peak + 2]
    bend = left - 2 * top + right
    shift = 0.5 * (left - right) / bend if bend < 0 else 0.0
    return float(angles[peak] + shift * step_deg)


def _sharpness(points: NDArray[np.float32], deg: float) -> float:
    """Return how sharply rows of ink alternate with rows of paper, seen along `deg`."""
    angle = math.radians(deg)
    rows = points[:, 1] * math.cos(angle) + points[:, 0] * math.sin(angle)
    rows -= rows.min()
    profile = np.bincount(rows.astype(np.int32)).astype(np.float64)
    return float(np.square(np.diff(profile)).sum())


def _ink_points(image: PageImage, dpi: float) -> NDArray[np.float32]:
    """Return x and y in px at `dpi` of ink that has paper just below it: baselines mostly."""
    small, _ = reduced(gray(image.pixels), image.dpi, dpi)
    reach = int(_BACKGROUND_IN * dpi) | 1
    background = cv2.blur(cv2.dilate(small, np.ones((reach, reach), np.uint8)), (reach, reach))
    ink = small < background.astype(np.float32) * _INK_DEPTH
    edge = ink[:-1] & ~ink[1:]
    down, across = (max(1, int(side * _MARGIN)) for side in edge.shape)
    edge[:down] = edge[-down:] = False
    edge[:, :across] = edge[:, -across:] = False
    rows, columns = np.nonzero(edge)
    every = len(rows) // _MAX_INK + 1
    return np.stack([columns[::every], rows[::every]], axis=1).astype(np.float32)
