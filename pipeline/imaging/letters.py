"""Gray pixels in, the letters on them out: how large, where, and how dark against the paper.

Official papers are printed in 13 or 14 points (Decree 30/2020, Appendix I), so that letters tell
the true resolution of a page, and their neighbours whether a stroke at the edge of the sheet is a
letter.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.model import Pixels

LOOK_DPI = 150.0
_BACKGROUND_IN = 0.25
_INK_DEPTH = 0.8  # of the paper's brightness: darker is ink
_HEIGHTS_PX = (5, 60)  # of connected ink, at 150 dpi: between a full stop and a headline
_WIDEST_PX = 80
_FEWEST_PX = 10
_TALL, _DOT = 95, 0.5  # percentile of heights; share of it that no dot has
_FEWEST = 50  # letters: fewer tell nothing about a page
_SIZES = (0.5, 2.0)  # of the usual height: other ink is no letter of the text


@dataclass(frozen=True, slots=True)
class Ink:
    """What is darker than the paper around it."""

    paper: Pixels  # H×W, brightness of the paper at each place
    mask: NDArray[np.bool_]  # H×W, true where there is ink
    contrast: float  # 0–1, of the usual ink to its paper; 0 without ink


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of the text of a page."""

    height_px: float  # usual height of a letter without accents that stand apart; 0: too few
    boxes: NDArray[np.int32]  # N×4: left, top, width, height in px


def find_ink(pixels: Pixels) -> Ink:
    """Return the ink of gray pixels at `LOOK_DPI`."""
    paper = _paper(pixels)
    mask = np.asarray(pixels < paper.astype(np.float32) * _INK_DEPTH)
    if not mask.any():
        return Ink(paper, mask, 0.0)
    share = pixels[mask].astype(np.float32) / np.maximum(paper[mask], 1)
    return Ink(paper, mask, float(1 - np.median(share)))


def find_letters(ink: Ink) -> Letters:
    """Return the letters among the ink."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink.mask.astype(np.uint8), connectivity=8)
    parts = stats[1:]  # the first is the paper
    wide, high, area = parts[:, 2], parts[:, 3], parts[:, 4]
    letters = parts[
        (high >= _HEIGHTS_PX[0])
        & (high <= _HEIGHTS_PX[1])
        & (wide > 1)
        & (wide <= _WIDEST_PX)
        & (area >= _FEWEST_PX)
    ]
    # Dots of leaders, which may be ten times as many, are less than half as high as tall letters.
    if len(letters):
        tall = np.percentile(letters[:, 3], _TALL)
        letters = letters[letters[:, 3] >= _DOT * tall]
    if len(letters) < _FEWEST:
        return Letters(0.0, letters[:0, :4])
    usual = float(np.median(letters[:, 3]))
    sized = (letters[:, 3] >= _SIZES[0] * usual) & (letters[:, 3] <= _SIZES[1] * usual)
    return Letters(usual, letters[sized, :4])


def _paper(pixels: Pixels) -> Pixels:
    """Return how bright the paper is at each place: the brightest nearby."""
    reach = int(_BACKGROUND_IN * LOOK_DPI) | 1
    kernel = np.ones((reach, reach), np.uint8)
    return np.asarray(cv2.blur(cv2.dilate(pixels, kernel), (reach, reach)), dtype=np.uint8)
