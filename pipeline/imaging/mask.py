"""A page and its paper in, the ink mask at full resolution out.

Ink is what is darker than the paper nearby in any channel: red and blue as well as black. The
threshold is a share of the darkest nearby, so that pale strokes keep their width beside heavy ones.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.background import Background
from pipeline.model import PageImage, Pixels

_FLOOR = 20  # levels below the paper: the faintest pencil
_GRAINS = 5.0  # standard deviations of the paper's grain: less is paper
_GRAIN_STEP_PX = 3  # apart, pixels of grain know nothing of each other
_MAD = 1.4826 / 2**0.5  # median of differences to standard deviation
_SHARE = 0.4  # of the darkest nearby; at a half, letters lose likeness and bytes are no fewer
_NEARBY_MM = 0.55  # 6–7 px at 300 dpi: with twice that, diacritics beside heavy strokes are lost
_SMOOTH_PX = 0.6  # σ; takes the stairs off edges, which cost bytes
_ALONE = 3  # ink pixels of nine: fewer are grain, and the background shows them
_MM_PER_INCH = 25.4


def ink_mask(image: PageImage, background: Background) -> NDArray[np.bool_]:
    """Return where the page has ink, H×W."""
    depth = _depth(image.pixels, background.paper)
    depth = np.asarray(cv2.GaussianBlur(depth, (0, 0), _SMOOTH_PX), dtype=np.uint8)
    reach = 2 * max(1, round(_NEARBY_MM * image.dpi / _MM_PER_INCH)) + 1
    darkest = cv2.dilate(depth, np.ones((reach, reach), np.uint8))
    threshold = cv2.max(cv2.convertScaleAbs(darkest, alpha=_SHARE), _floor(depth))
    ink = (depth > threshold).view(np.uint8)
    around = cv2.boxFilter(ink, -1, (3, 3), normalize=False)
    return np.asarray((ink > 0) & (around >= _ALONE))


def _floor(depth: Pixels) -> float:
    """Return how deep ink is at least: out of the reach of the paper's grain."""
    rows = depth[:: 2 * _GRAIN_STEP_PX]
    grain = cv2.absdiff(rows[:, _GRAIN_STEP_PX:], rows[:, :-_GRAIN_STEP_PX])
    deviation = _MAD * float(np.median(grain)) if grain is not None and grain.size else 0.0
    return max(_FLOOR, _GRAINS * deviation)


def _depth(pixels: Pixels, paper: Pixels) -> Pixels:
    """Return how far the strongest channel lies below the paper."""
    size = pixels.shape[1], pixels.shape[0]
    depth = np.zeros(pixels.shape[:2], np.uint8)
    for channel in range(pixels.shape[2]):  # one after the other: a page of A3 has 31 MB in each
        there = cv2.resize(cv2.extractChannel(paper, channel), size, interpolation=cv2.INTER_LINEAR)
        cv2.max(depth, cv2.subtract(there, cv2.extractChannel(pixels, channel)), depth)
    return depth
