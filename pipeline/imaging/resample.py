"""Pixels in, the same in gray or at a lower resolution out."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.model import Pixels


def gray(pixels: Pixels) -> Pixels:
    """Return H×W gray pixels of H×W×3 RGB ones, weighted as the eye does (ITU-R BT.601)."""
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def reduced(pixels: Pixels, dpi: float, wanted_dpi: float) -> tuple[Pixels, float]:
    """Return pixels averaged down to `wanted_dpi` and their dpi; never enlarged."""
    scale = wanted_dpi / dpi
    if scale >= 1:
        return pixels, dpi
    height, width = pixels.shape[:2]
    size = max(1, round(width * scale)), max(1, round(height * scale))
    smaller = cv2.resize(np.ascontiguousarray(pixels), size, interpolation=cv2.INTER_AREA)
    return np.asarray(smaller, dtype=np.uint8), wanted_dpi
