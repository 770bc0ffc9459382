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


def fit_ink(page: Plane, coverage: Plane, paper: Plane, size: tuple[int, int]) -> Pixels:
    """Return the ink colours over a known paper; `page` and `paper` are H×W×C."""
    return _fit(page, coverage, paper, size)


def fit_paper(page: Plane, coverage: Plane, ink: Plane, size: tuple[int, int]) -> Pixels:
    """Return the paper colours under known ink."""
    seen = np.asarray(cv2.subtract(np.ones_like(coverage), coverage), dtype=np.float32)
    return _fit(page, seen, ink, size)


def enlarged(layer: Pixels, coverage: Plane) -> Plane:
    """Return a layer in the size of `coverage`, H×W×C, as readers enlarge it."""
    size = coverage.shape[1], coverage.shape[0]
    wide = cv2.resize(layer, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(wide.reshape(*coverage.shape, -1), dtype=np.float32)


def _fit(page: Plane, part: Plane, other: Plane, size: tuple[int, int]) -> Pixels:
    """Return the layer that shows in `part` of each pixel, the other layer in the rest.

    Least squares: part · (page − (1 − part) · other) ÷ part², each summed over a cell of the layer.
    Cells of little weight take the colours of coarser levels.
    """
    parts = cv2.merge([part] * page.shape[2]).reshape(page.shape)
    rest = cv2.multiply(cv2.subtract(np.ones_like(parts), parts), other)
    weighted = cv2.multiply(parts, cv2.subtract(page, rest).reshape(page.shape))
    weighted, weight = weighted.reshape(page.shape), cv2.multiply(part, part)
    levels = [(_reduced(weighted, size), _reduced(weight, size))]
    while max(size) > 1:
        size = (size[0] + 1) // 2, (size[1] + 1) // 2
        levels.append((_reduced(levels[-1][0], size), _reduced(levels[-1][1], size)))
    total, amount = levels.pop()
    colours = np.asarray(total / np.maximum(amount, 1e-6)[..., None], dtype=np.float32)
    for total, amount in reversed(levels):
        around = _reduced(colours, (total.shape[1], total.shape[0]), cv2.INTER_LINEAR)
        colours = np.asarray((total + _PULL * around) / (amount + _PULL)[..., None], np.float32)
    eight_bits = np.clip(np.rint(colours), 0, 255).astype(np.uint8)
    return np.asarray(eight_bits[..., 0] if eight_bits.shape[2] == 1 else eight_bits)


def _reduced(plane: Plane, size: tuple[int, int], how: int = cv2.INTER_AREA) -> Plane:
    resized = cv2.resize(plane, size, interpolation=how)
    channels = plane.shape[2:]  # OpenCV drops a single one
    return np.asarray(resized.reshape(size[1], size[0], *channels), dtype=np.float32)
