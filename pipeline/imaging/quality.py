"""A straightened page image in, measures of its quality and issues for a person out."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.imaging.letters import LOOK_DPI, find_ink, find_letters
from pipeline.imaging.resample import gray, reduced
from pipeline.model import Issue, Measures, Page, PageImage, Pixels

_COLOUR_DPI = 75.0
_MARGIN = 0.03  # of the page: scanner edges and punch holes are not ink
_BLANK_INK = 0.0002  # share of ink of a dozen letters on A4; the specks of a blank back have less
_CHROMA = 45  # difference of the strongest and weakest channel that an eye calls colour
_COLOUR_SHARE = 0.0002  # of a page: a coloured stroke of about 5 × 2.5 mm on A4
_TINT_STEP, _TINT = 16, 3.0  # px averaged; levels between the channels that an eye notices
_LETTER_IN = 0.1  # height of a letter of 13 or 14 points; real scans and drawn pages: 0.08 to 0.127
_DOUBTFUL_DPI = (0.65, 1.7)  # times the resolution that the letters tell
_FAINT = 0.3  # contrast below which reading suffers
_BLURRED = 100.0  # scans have 1,500 and more; blurred by 0.25 mm, when letters run together, 100
_LOW_DPI = 180.0  # NĐ 30/2020 asks for 200; scanners round
_DARK = 0.3  # brightness of paper below which a camera saw too little light
_SKEWED_DEG = 8.0  # near the largest skew that is measured: the truth may lie beyond


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


def page_issues(page: Page) -> tuple[Issue, ...]:
    """Return what a person should know of a page's quality before trusting its text."""
    where = f"page {page.number}"
    measures = page.measures
    if measures.blank:
        return (Issue("page.blank", where),)
    found = []
    if page.dpi < _LOW_DPI:
        found.append(Issue("page.low-dpi", where, f"{page.dpi:.0f} dpi"))
    letter_dpi = measures.letter_dpi
    if letter_dpi and not _DOUBTFUL_DPI[0] <= letter_dpi / page.dpi <= _DOUBTFUL_DPI[1]:
        said = f"{page.dpi:.0f} dpi, letters of {letter_dpi:.0f} dpi"
        found.append(Issue("page.dpi-doubtful", where, said))
    if measures.sharpness < _BLURRED:
        found.append(Issue("page.blurred", where, f"sharpness {measures.sharpness:.0f}"))
    elif letter_dpi and measures.contrast < _FAINT:  # blurred print is pale too
        found.append(Issue("page.faint", where, f"contrast {measures.contrast:.2f}"))
    if measures.paper_brightness < _DARK:
        found.append(Issue("page.dark", where, f"paper {measures.paper_brightness:.2f}"))
    if measures.cut_edges:
        found.append(Issue("page.cut", where, ", ".join(measures.cut_edges)))
    if measures.folded_corners:
        found.append(Issue("page.folded", where, ", ".join(measures.folded_corners)))
    if measures.fingers:
        found.append(Issue("page.finger", where))
    if abs(measures.skew_deg) > _SKEWED_DEG:
        found.append(Issue("page.skewed", where, f"{measures.skew_deg:.1f}°"))
    return tuple(found)


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
