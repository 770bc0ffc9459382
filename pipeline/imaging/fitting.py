"""Ink coverage and a page in, the low-resolution colours of its ink and its paper out.

A reader shows c·f + (1 − c)·b where ink of colour f covers the share c of a pixel of paper b. Both
are fitted to the page by least squares at 150 dpi, so that what the edges of the mask lose, the
colours give back. Where a layer is hidden, its colour is that of its surroundings.
"""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.imaging.likeness import Plane
from pipeline.model import Pixels

_PULL = 0.04  # weight of the surroundings against a cell that the layer fills
_COARSEST_PX = 4


def fit_ink(page: Plane, coverage: Plane, paper: Plane, size: tuple[int, int]) -> Pixels:
    """Return the ink colours over a known paper; `page` and `paper` are H×W×C."""
    part = coverage[..., None]
    return _fit(part * (page - (1 - part) * paper), coverage * coverage, size)


def fit_paper(page: Plane, coverage: Plane, ink: Plane, size: tuple[int, int]) -> Pixels:
    """Return the paper colours under known ink."""
    part = 1 - coverage[..., None]
    seen = 1 - coverage
    return _fit(part * (page - coverage[..., None] * ink), seen * seen, size)


def show(ink: Pixels, paper: Pixels, coverage: Plane) -> Plane:
    """Return what a reader shows of the two layers, H×W×C in the size of `coverage`."""
    part = coverage[..., None]
    below = enlarged(paper, coverage)
    return np.asarray(below + part * (enlarged(ink, coverage) - below), dtype=np.float32)


def enlarged(layer: Pixels, coverage: Plane) -> Plane:
    """Return a layer in the size of `coverage`, H×W×C, as readers enlarge it."""
    size = coverage.shape[1], coverage.shape[0]
    wide = cv2.resize(layer, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(wide.reshape(*coverage.shape, -1), dtype=np.float32)


def _fit(weighted: Plane, weight: Plane, size: tuple[int, int]) -> Pixels:
    """Divide colours by weights; cells of little weight take the colours of coarser levels."""
    levels = [(_reduced(weighted, size), _reduced(weight, size))]
    while min(size) > _COARSEST_PX:
        size = (size[0] + 1) // 2, (size[1] + 1) // 2
        levels.append((_reduced(levels[-1][0], size), _reduced(levels[-1][1], size)))
    total, amount = levels.pop()
    colours = total / np.maximum(amount, 1e-6)[..., None]
    for total, amount in reversed(levels):
        around = _reduced(colours, (total.shape[1], total.shape[0]), cv2.INTER_LINEAR)
        colours = (total + _PULL * around) / (amount + _PULL)[..., None]
    eight_bits = np.clip(np.rint(colours), 0, 255).astype(np.uint8)
    return np.asarray(eight_bits[..., 0] if eight_bits.shape[2] == 1 else eight_bits)


def _reduced(plane: Plane, size: tuple[int, int], how: int = cv2.INTER_AREA) -> Plane:
    resized = cv2.resize(plane, size, interpolation=how)
    channels = plane.shape[2:]  # OpenCV drops a single one
    return np.asarray(resized.reshape(size[1], size[0], *channels), dtype=np.float32)
