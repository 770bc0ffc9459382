"""A photographed page and its sheet's outline in, the sheet seen from straight above out.

The sheet's plane is mapped by a homography. The skew that is left is measured on a small copy
(`flat_look`) and composed with it, so that pixels are interpolated once (`flatten`).
"""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.outline import Outline
from pipeline.imaging.resample import reduced
from pipeline.model import PageImage

_LOOK_PX = 1754.0  # longer side: A4 at 150 dpi
_A4_ASPECT, _A4_SHORT_IN = math.sqrt(2), 210 / 25.4
_SAME_ASPECT = 0.06  # photographs foreshorten: within it, the sheet is taken for A4
_WHITE = (255, 255, 255)


def flat_look(image: PageImage, outline: Outline) -> PageImage:
    """Return a small copy of the flattened sheet, to measure on."""
    # By its size: the dpi that a camera writes into a file says nothing.
    scale = min(1.0, _LOOK_PX / max(image.width_px, image.height_px))
    small, dpi = reduced(image.pixels, image.dpi, image.dpi * scale)
    corners = tuple((x * scale, y * scale) for x, y in outline.corners)
    return flatten(replace(image, pixels=small, dpi=dpi), replace(outline, corners=corners))


def flatten(image: PageImage, outline: Outline, skew_deg: float = 0.0) -> PageImage:
    """Return the sheet as an upright rectangle, a skew of `skew_deg` undone as well.

    As large as its longer sides, so that no detail is lost. A camera has no dpi: a sheet of the
    shape of A4 is taken for A4, of any other the image's dpi stays. What lies beyond the sheet is
    white.
    """
    corners = np.array(outline.corners, np.float32)
    ways = np.roll(corners, -1, axis=0) - corners
    lengths = np.hypot(ways[:, 0], ways[:, 1])
    width, height = max(lengths[0], lengths[2]), max(lengths[1], lengths[3])
    dpi = image.dpi
    low, high = sorted((float(width), float(height)))
    if abs(high / low / _A4_ASPECT - 1) <= _SAME_ASPECT:
        low = max(low, high / _A4_ASPECT)
        high = low * _A4_ASPECT
        width, height = (low, high) if width <= height else (high, low)
        dpi = low / _A4_SHORT_IN
    size = round(float(width)), round(float(height))
    sheet = np.array([[0, 0], [size[0], 0], size, [0, size[1]]], np.float32)
    matrix = _level(size, skew_deg) @ cv2.getPerspectiveTransform(corners, sheet)
    pixels = cv2.warpPerspective(
        image.pixels,
        matrix,
        size,
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=_WHITE,
    )
    if skew_deg:  # the corners that turned out of the sheet show the table
        inside = np.zeros((size[1], size[0]), np.uint8)
        turned = cv2.transform(sheet[None], _level(size, skew_deg)[:2])
        cv2.fillConvexPoly(inside, np.rint(turned[0]).astype(np.int32), 1)
        pixels[inside == 0] = _WHITE
    return replace(image, pixels=np.asarray(pixels, np.uint8), dpi=float(dpi))


def _level(size: tuple[int, int], skew_deg: float) -> NDArray[np.float64]:
    """Return the 3×3 matrix that undoes a skew about the middle of a page."""
    centre = (size[0] - 1) / 2, (size[1] - 1) / 2
    return np.vstack([cv2.getRotationMatrix2D(centre, -skew_deg, 1.0), [0, 0, 1]])
