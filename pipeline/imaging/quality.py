"""A straightened page image in, measures of its quality out."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.imaging.letters import LOOK_DPI, find_ink, find_letters
from pipeline.imaging.resample import gray, reduced
from pipeline.model import Measures, PageImage, Pixels

_COLOUR_DPI = 75.0
_MARGIN = 0.03  # of the page: scanner edges and punch holes are not ink
_BLANK_INK = 0.0002  # share of ink of a dozen letters on A4; the specks of a blank back have less
_CHROMA = 45  # difference of the strongest and weakest channel that an eye calls colour
_COLOUR_SHARE = 0.0002  # of a page: a coloured stroke of about 5 × 2.5 mm on A4
_TINT_STEP, _TINT = 16, 3.0  # px averaged; levels between the channels that an eye notices
_LETTER_IN = 0.1  # height of a letter of 13 or 14 points; real scans and drawn pages: 0.08 to 0.127


def measure(image: PageImage) -> Measures:
    """Return sharpness, ink, paper, letters, blankness and colour; the rest is left at zero."""
    small, dpi = reduced(gray(image.pixels), image.dpi, LOOK_DPI)
    inner = _inner(small)
    ink = find_ink(inner)
    share = float(ink.mask.mean())
    height_px = find_letters(ink).height_px
    return Measures(
        sharpness=round(_sharpness(inner, ink.mask), 1),
        ink_share=round(share, 5),
        paper_brightness=round(float(np.percentile(ink.paper, 5)) / 255, 3),
        contrast=round(ink.contrast, 3),
        letter_dpi=round(image.dpi * height_px / dpi / _LETTER_IN) if height_px else None,
        blank=share < _BLANK_INK,
        colour=_has_colour(image),
    )


def is_tinted(image: PageImage) -> bool:
    """Return whether the paper itself has a colour, which a gray copy would lose."""
    size = (max(1, image.width_px // _TINT_STEP), max(1, image.height_px // _TINT_STEP))
    small = cv2.resize(image.pixels, size, interpolation=cv2.INTER_AREA).astype(np.int16)
    return float(np.median(small.max(axis=2) - small.min(axis=2))) >= _TINT


def _sharpness(pixels: Pixels, ink: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> float:
    """Return the variance of the Laplacian near ink: empty paper says nothing about focus."""
    near = cv2.dilate(ink.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    if not near.any():
        return 0.0
    return float(cv2.Laplacian(pixels, cv2.CV_32F)[near].var())


def _has_colour(image: PageImage) -> bool:
    small = _inner(reduced(image.pixels, image.dpi, _COLOUR_DPI)[0]).astype(np.int16)
    chroma = small.max(axis=2) - small.min(axis=2)
    return float((chroma > _CHROMA).mean()) > _COLOUR_SHARE


def _inner(pixels: Pixels) -> Pixels:
    down, across = (int(side * _MARGIN) for side in pixels.shape[:2])
    return pixels[down : pixels.shape[0] - down, across : pixels.shape[1] - across]
