"""A straightened page image in, measures of its quality and issues for a person out."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.imaging.resample import gray, reduced
from pipeline.model import Issue, Measures, Page, PageImage, Pixels

_LOOK_DPI = 150.0
_COLOUR_DPI = 75.0
_MARGIN = 0.03  # of the page: scanner edges and punch holes are not ink
_BACKGROUND_IN = 0.25
_INK_DEPTH = 0.8  # of the paper's brightness: darker is ink
_BLANK_INK = 0.0005  # share of ink below which nobody wrote anything: A4 with two short words
_CHROMA = 45  # difference of the strongest and weakest channel that an eye calls colour
_COLOUR_SHARE = 0.0002  # of a page: a coloured stroke of about 5 × 2.5 mm on A4
_BLURRED = 60.0  # sharpness of inked places below which letters run together
_LOW_DPI = 180.0  # NĐ 30/2020 asks for 200; scanners round
_DARK_PAPER = 110  # gray level of the paper itself
_SKEWED_DEG = 8.0


def measure(image: PageImage) -> Measures:
    """Return sharpness, share of ink, blankness and colour; turns and skew are left at zero."""
    small, _ = reduced(gray(image.pixels), image.dpi, _LOOK_DPI)
    inner = _inner(small)
    ink = _ink(inner)
    share = float(ink.mean())
    return Measures(
        sharpness=round(_sharpness(inner, ink), 1),
        ink_share=round(share, 5),
        blank=share < _BLANK_INK,
        colour=_has_colour(image),
    )


def page_issues(page: Page) -> tuple[Issue, ...]:
    """Return what a person should know of a page's quality before trusting its text."""
    where = f"page {page.number}"
    measures = page.measures
    if measures.blank:
        return (Issue("page.blank", where),)
    found = []
    if page.dpi < _LOW_DPI:
        found.append(Issue("page.low-dpi", where, f"{page.dpi:.0f} dpi"))
    if measures.sharpness < _BLURRED:
        found.append(Issue("page.blurred", where, f"sharpness {measures.sharpness:.0f}"))
    if abs(measures.skew_deg) > _SKEWED_DEG:
        found.append(Issue("page.skewed", where, f"{measures.skew_deg:.1f}°"))
    return tuple(found)


def _ink(pixels: Pixels) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    reach = int(_BACKGROUND_IN * _LOOK_DPI) | 1
    paper = cv2.blur(cv2.dilate(pixels, np.ones((reach, reach), np.uint8)), (reach, reach))
    return np.asarray(pixels < paper.astype(np.float32) * _INK_DEPTH)


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
