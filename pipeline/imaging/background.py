"""A page image in, its paper without the ink out, and the page divided by it.

Dividing by the paper evens out shadows, yellowed and tinted paper; what is left is how much of
the light each pixel swallows.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from pipeline.imaging.resample import reduced
from pipeline.model import PageImage, Pixels

_DPI = 50.0
_LETTERS_MM = 3.0  # wider than strokes: the brightest within it is paper
_SMOOTH_MM = 5.0  # specks of light and remains of large letters are smaller
_MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Background:
    """The paper of a page, at a low resolution."""

    small: Pixels  # the page itself, h×w×3 RGB
    paper: Pixels  # the same without ink
    dpi: float  # of both

    def divided_small(self) -> Pixels:
        """Return the reduced page in RGB, evenly lit, its paper white."""
        return np.asarray(cv2.divide(self.small, self.paper, scale=255), dtype=np.uint8)

    def divide(self, pixels: Pixels, place: tuple[slice, slice]) -> Pixels:
        """Return one place of the full page in RGB, evenly lit, its paper white."""
        height, width = pixels.shape[:2]
        rows, columns = place
        patch = pixels[place]
        across = (np.arange(columns.start, columns.stop) + 0.5) * self.paper.shape[1] / width - 0.5
        down = (np.arange(rows.start, rows.stop) + 0.5) * self.paper.shape[0] / height - 0.5
        map_x, map_y = np.meshgrid(across.astype(np.float32), down.astype(np.float32))
        paper = cv2.remap(
            self.paper, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        return np.asarray(cv2.divide(patch, paper, scale=255), dtype=np.uint8)

    def divide_gray(self, gray: Pixels) -> Pixels:
        """Return the full page in gray, evenly lit, its paper white."""
        weights = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601
        paper = (self.paper @ weights).astype(np.uint8)
        size = gray.shape[1], gray.shape[0]
        full = cv2.resize(paper, size, interpolation=cv2.INTER_LINEAR)
        return np.asarray(cv2.divide(gray, full, scale=255), dtype=np.uint8)


def background_of(image: PageImage) -> Background:
    """Return the paper of a page: the brightest nearby, smoothed."""
    small, dpi = reduced(image.pixels, image.dpi, _DPI)
    letters = max(3, round(_LETTERS_MM * dpi / _MM_PER_INCH) | 1)
    smooth = max(3, round(_SMOOTH_MM * dpi / _MM_PER_INCH) | 1)
    paper = cv2.dilate(small, np.ones((letters, letters), np.uint8))
    paper = cv2.GaussianBlur(cv2.medianBlur(paper, smooth), (0, 0), smooth / 3)
    return Background(small, np.asarray(paper, dtype=np.uint8), dpi)
