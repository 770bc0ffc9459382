"""Gray pixels in, the circles of seals on them out.

A seal is a ring of 16 to 42 mm, whole or worn, often under a signature and over print. Its circle
is found by what no print has: edges all around it that point to one centre. Every edge votes for
the points at each radius before and behind it (C. Kimme, D. Ballard, J. Sklansky, "Finding circles
by an array of accumulators", CACM 18(2), 1975), in each direction of its gradient only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.resample import reduced
from pipeline.model import Pixels

_DPI = 50.0
_RADIUS_MM = (8.0, 21.0)
_EDGE = 70.0  # Sobel, of 1020: a pale ring on white paper has 100
_SMOOTH_PX = 0.7
_MOST = 4  # circles looked at on one page
_SECTORS = 48
_NEAR_PX = 1.6  # of a circle: an edge within is on it
_RADIAL = 0.94  # cosine: the edge looks at the centre within 20°
_OUTER = 1.8  # times the radius found: seals have two or three rings, the strongest counts first
_AS_GOOD = 0.75  # of the strongest ring: an outer one of the same seal
_APART = 1.5  # radii: a loop of the signature beside a seal is no second one
_MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Ring:
    """A circle, px of the pixels that were given."""

    x: float
    y: float
    radius: float
    strength: float  # 0–1: votes for its centre to edges that a whole circle has
    around: float  # 0–1: share of its circumference with edges that look at the centre

    @property
    def evidence(self) -> float:
        """0–1; print reaches .37, a whole seal .7 and more, a pale one .44."""
        return self.strength * self.around


@dataclass(frozen=True, slots=True)
class _Edges:
    """Where the gray changes and in which direction, px; each N."""

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    across: NDArray[np.float32]  # of the unit vector towards the brighter side
    down: NDArray[np.float32]


def find_rings(pixels: Pixels, dpi: float) -> list[Ring]:
    """Return the likeliest circles of H×W gray pixels, the likeliest first, each centre once."""
    small, small_dpi = reduced(pixels, dpi, _DPI)
    px_mm = small_dpi / _MM_PER_INCH
    radii = np.arange(round(_RADIUS_MM[0] * px_mm), round(_RADIUS_MM[1] * px_mm) + 1)
    edges = _edges(small)
    if not len(edges.x) or not len(radii):
        return []
    votes = np.stack([_votes(edges, int(radius), small.shape) for radius in radii])
    found = []
    for _ in range(_MOST):
        which, row, column = np.unravel_index(int(np.argmax(votes)), votes.shape)
        radius, x, y = int(radii[which]), column + 0.5, row + 0.5
        strength = min(1.0, float(votes[which, row, column]))
        outer, around = _outermost(_within(edges, x, y, _OUTER * radius + 2), x, y, radius)
        scale = dpi / small_dpi
        found.append(Ring(float(x) * scale, float(y) * scale, outer * scale, strength, around))
        top, left = max(0, row - outer), max(0, column - outer)
        votes[:, top : row + outer, left : column + outer] = 0
    return _alone(sorted(found, key=lambda ring: -ring.evidence))


def _alone(rings: list[Ring]) -> list[Ring]:
    """Return the rings that do not lie on a likelier one."""
    kept: list[Ring] = []
    for ring in rings:
        if all(
            math.hypot(ring.x - other.x, ring.y - other.y) > _APART * other.radius for other in kept
        ):
            kept.append(ring)
    return kept


def _edges(small: Pixels) -> _Edges:
    smooth = cv2.GaussianBlur(small, (0, 0), _SMOOTH_PX)
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, ksize=3)
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, ksize=3)
    size = cv2.magnitude(across, down)
    rows, columns = np.nonzero(size > _EDGE)
    length = size[rows, columns]
    half = np.float32(0.5)
    return _Edges(
        columns.astype(np.float32) + half,
        rows.astype(np.float32) + half,
        across[rows, columns] / length,
        down[rows, columns] / length,
    )


def _votes(edges: _Edges, radius: int, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Return for each pixel how much of a circle of this radius is around it; 1: all of it."""
    height, width = shape[:2]
    places = []
    for reach in (np.float32(radius), np.float32(-radius)):
        x, y = edges.x + reach * edges.across, edges.y + reach * edges.down
        inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        places.append(y[inside].astype(np.int32) * width + x[inside].astype(np.int32))
    votes = np.bincount(np.concatenate(places), minlength=height * width)
    near = cv2.blur(votes.reshape(height, width).astype(np.float32), (3, 3))
    return np.asarray(near * np.float32(9 / (2 * math.pi * radius)), np.float32)


def _within(edges: _Edges, x: float, y: float, reach: float) -> _Edges:
    near = (np.abs(edges.x - x) <= reach) & (np.abs(edges.y - y) <= reach)
    return _Edges(edges.x[near], edges.y[near], edges.across[near], edges.down[near])


def _outermost(edges: _Edges, x: float, y: float, radius: int) -> tuple[int, float]:
    """Return the radius of the outermost ring around a centre, and how whole the one found is."""
    around = _around(edges, x, y, radius)
    outer = radius
    for larger in range(radius + 1, int(_OUTER * radius) + 1):
        if _around(edges, x, y, larger) >= _AS_GOOD * around:
            outer = larger
    return outer, around


def _around(edges: _Edges, x: float, y: float, radius: int) -> float:
    """Return the share of a circumference where edges look at the centre."""
    across, down = edges.x - x, edges.y - y
    away = np.hypot(across, down)
    near = np.abs(away - radius) <= _NEAR_PX
    across, down, away = across[near], down[near], np.maximum(away[near], 1)
    radial = np.abs(across * edges.across[near] + down * edges.down[near]) > _RADIAL * away
    turn = np.arctan2(down[radial], across[radial]) / (2 * math.pi) + 0.5
    return len(np.unique((turn * _SECTORS).astype(np.int32) % _SECTORS)) / _SECTORS
