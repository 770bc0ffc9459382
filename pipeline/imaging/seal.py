"""Red seals on an evenly lit page in, their ink as bright as paper out.

A seal lies over the signer's name and often over the signature (NĐ 30/2020, app. I). Red text
(titles of certificates, urgency stamps) must be read, so only ink that forms a seal is taken:
a patch about as high as wide and of the size that seals have.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.background import Background
from pipeline.model import Pixels

_REDNESS = 22  # red above the stronger of green and blue, at the background's resolution
_INK_REDNESS = 14  # the same for single pixels within a seal: pink counts
_JOIN_MM = 2.0  # gaps between ring, star and letters of one seal
_SIDE_MM = 12.0, 60.0  # seals measure 20–36 mm; half of one is still a seal
_ASPECT = 2.0  # of the longer to the shorter side; lines of red text have more
_SMEAR_MM = 0.2  # JPEG smears colour over neighbours
_BLACK, _RED = 0.35, 0.65  # brightness through a red filter: black ink below, red ink above
_MM_PER_INCH = 25.4


def without_seals(clean: Pixels, pixels: Pixels, dpi: float, background: Background) -> Pixels:
    """Return the clean gray page without red ink of seals; black ink under it stays.

    `pixels` is the same page in RGB as scanned, `background` its paper.
    """
    seals = _seals(background, pixels.shape[:2])
    if not seals:
        return clean
    smear = max(3, round(_SMEAR_MM * dpi / _MM_PER_INCH)) | 1
    kernel = np.ones((smear, smear), np.uint8)
    clean = clean.copy()
    for place in seals:
        white_balanced = background.divide(pixels, place)
        ink = cv2.dilate((redness(white_balanced) > _INK_REDNESS).astype(np.uint8), kernel) > 0
        through_red = (white_balanced[..., 0] / 255.0 - _BLACK) / (_RED - _BLACK)
        shade = np.clip(through_red * 255, 0, 255).astype(np.uint8)
        clean[place] = np.where(ink, np.maximum(shade, clean[place]), clean[place])
    return clean


def redness(pixels: Pixels) -> NDArray[np.int16]:
    """Return how far red lies above the stronger of green and blue, −255 … 255."""
    red, green, blue = (pixels[..., channel].astype(np.int16) for channel in range(3))
    return red - np.maximum(green, blue)


def _seals(background: Background, shape: tuple[int, ...]) -> list[tuple[slice, slice]]:
    """Return rows and columns of each red seal, px of the page."""
    red = (redness(background.divided_small()) > _REDNESS).astype(np.uint8)
    if not red.any():
        return []
    px_mm = background.dpi / _MM_PER_INCH
    reach = max(1, round(_JOIN_MM * px_mm)) | 1
    joined = cv2.morphologyEx(red, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    found = []
    for left, top, width, height, _ in stats[1:]:
        low, high = sorted((width / px_mm, height / px_mm))
        if low >= _SIDE_MM[0] and high <= _SIDE_MM[1] and high <= low * _ASPECT:
            rows = _grown(top, height, shape[0] / red.shape[0], shape[0])
            found.append((rows, _grown(left, width, shape[1] / red.shape[1], shape[1])))
    return found


def _grown(start: int, length: int, scale: float, limit: int) -> slice:
    return slice(max(0, int((start - 1) * scale)), min(limit, int((start + length + 1) * scale)))
