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

_PULL = np.float32(0.04)  # weight of the surroundings against a cell that the layer fills


def fit_ink(page: Pixels, coverage: Plane, paper: Pixels, size: tuple[int, int]) -> Pixels:
    """Return the ink colours over a known paper; all of one height and width."""
    return _fit(page, coverage, paper, size)


def fit_paper(page: Pixels, coverage: Plane, ink: Pixels, size: tuple[int, int]) -> Pixels:
    """Return the paper colours under known ink."""
    return _fit(page, np.subtract(np.float32(1), coverage), ink, size)


def enlarged(layer: Pixels, coverage: Plane) -> Pixels:
    """Return a layer in the size of `coverage`, as readers enlarge it."""
    size = coverage.shape[1], coverage.shape[0]
    return np.asarray(cv2.resize(layer, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def _fit(page: Pixels, part: Plane, other: Pixels, size: tuple[int, int]) -> Pixels:
    """Return the layer that shows in `part` of each pixel, the other layer in the rest."""
    channels = [
        _fit_channel(mine.astype(np.float32), part, below.astype(np.float32), size)
        for mine, below in zip(cv2.split(page), cv2.split(other), strict=True)
    ]  # one after the other: a page of A3 has 17 MB in each
    return np.asarray(cv2.merge(channels), dtype=np.uint8)


def _fit_channel(page: Plane, part: Plane, other: Plane, size: tuple[int, int]) -> Pixels:
    """Solve by least squares: part · (page − (1 − part) · other) ÷ part², summed over each cell.

    Cells of little weight take the values of coarser levels.
    """
    weight = part * part
    levels = [(_reduced(part * (page - other) + weight * other, size), _reduced(weight, size))]
    while max(size) > 1:
        size = (size[0] + 1) // 2, (size[1] + 1) // 2
        levels.append((_reduced(levels[-1][0], size), _reduced(levels[-1][1], size)))
    total, amount = levels.pop()
    values: Plane = np.divide(total, np.maximum(amount, np.float32(1e-6)), dtype=np.float32)
    for total, amount in reversed(levels):
        around = _reduced(values, (total.shape[1], total.shape[0]), cv2.INTER_LINEAR)
        values = np.divide(total + _PULL * around, amount + _PULL, dtype=np.float32)
    return np.asarray(np.clip(np.rint(values), 0, 255), dtype=np.uint8)


def _reduced(plane: Plane, size: tuple[int, int], how: int = cv2.INTER_AREA) -> Plane:
    return np.asarray(cv2.resize(plane, size, interpolation=how), dtype=np.float32)
