"""A page and what its layers show in, how alike they are and where they are not out.

Structural similarity (Wang et al. 2004: Gaussian window, σ 1.5) of the luma at 150 dpi, where a
line of print is about as large as an eye resolves at reading distance.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.layers import Likeness
from pipeline.model import Pixels

Plane = NDArray[np.float32]

LOOK_DPI = 150.0
_WINDOW_PX, _SIGMA_PX = (11, 11), 1.5
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
_INK_DEPTH = 60  # levels darker than the paper nearby
_PAPER_PX = 31  # wider than strokes
_NEAR_INK_PX = 7  # three pixels around ink: its edges count
_GRAIN_SIGMA_PX = 1.5  # paper grain is finer, and guilloche coarser
_CHROMA = 40  # levels between the channels of coloured ink
_WRONG_LEVELS, _WRONG_PX = 26, 5  # mean of a millimetre; 20 takes what an eye does not see
_UNLIKE, _UNLIKE_PX = 0.5, 9  # mean similarity of a millimetre and a half, grain left aside


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of comparing two pictures of a page."""

    likeness: Likeness
    wrong: NDArray[np.bool_]  # H×W: there, colour or structure is another


class Reference:
    """A page to compare with, its moments computed once."""

    def __init__(self, page: Pixels) -> None:
        """`page`: H×W×3 RGB at LOOK_DPI or less."""
        self.page = page
        luma = _luma(page)
        self._sharp = _Moments(luma)
        self._plain = _Moments(_without_grain(luma))
        eight_bits = luma.astype(np.uint8)
        paper = cv2.dilate(eight_bits, np.ones((_PAPER_PX, _PAPER_PX), np.uint8))
        ink = (cv2.subtract(paper, eight_bits) > _INK_DEPTH).astype(np.uint8)
        near = np.ones((_NEAR_INK_PX, _NEAR_INK_PX), np.uint8)
        self._near_ink = np.asarray(cv2.dilate(ink, near) > 0)
        self._coloured = chroma(page) > _CHROMA

    def compare(self, shown: Pixels) -> Comparison:
        """Return how alike the shown page is, of the same size, and where it is not."""
        likeness, plain = self._likeness(shown)
        return Comparison(likeness, self._wrong(shown, np.asarray(plain, dtype=np.float32)))

    def likeness(self, shown: Pixels) -> Likeness:
        """Return how alike the shown page is, of the same size."""
        return self._likeness(shown)[0]

    def _likeness(self, shown: Pixels) -> tuple[Likeness, Plane]:
        luma = _luma(shown)
        similar = self._sharp.similarity(luma)
        ink = float(similar[self._near_ink].mean()) if self._near_ink.any() else 1.0
        # Near ink, smoothing hides what is lost of letters: there the sharp one counts.
        plain = self._plain.similarity(_without_grain(luma))
        plain = np.where(self._near_ink, similar, plain)
        likeness = Likeness(
            page=float(similar.mean()),
            ink=ink,
            plain=float(plain.mean()),
            colour_error=self._colour_error(shown),
        )
        return likeness, plain

    def _colour_error(self, shown: Pixels) -> float | None:
        """Return the mean distance of coloured ink in CIE Lab (1976); None: there is none."""
        if not self._coloured.any():
            return None
        distance = _lab(self.page[self._coloured]) - _lab(shown[self._coloured])
        return float(np.linalg.norm(distance, axis=1).mean())

    def _wrong(self, shown: Pixels, similar: Plane) -> NDArray[np.bool_]:
        darker, brighter = (
            cv2.blur(part, (_WRONG_PX, _WRONG_PX))
            for part in (cv2.subtract(self.page, shown), cv2.subtract(shown, self.page))
        )
        red, green, blue = cv2.split(cv2.absdiff(darker, brighter))
        other_colour = cv2.max(red, cv2.max(green, blue)) > _WRONG_LEVELS
        around = cv2.blur(similar, (_UNLIKE_PX, _UNLIKE_PX))
        return np.asarray(other_colour | (around < _UNLIKE))


class _Moments:
    def __init__(self, luma: Plane) -> None:
        self._luma = luma
        self._mean = _blur(luma)
        self._variance = _blur(luma * luma) - self._mean * self._mean

    def similarity(self, other: Plane) -> Plane:
        mean = _blur(other)
        variance = _blur(other * other) - mean * mean
        covariance = _blur(self._luma * other) - self._mean * mean
        means = (2 * self._mean * mean + _C1) / (self._mean**2 + mean**2 + _C1)
        spread = (2 * covariance + _C2) / (self._variance + variance + _C2)
        return np.asarray(means * spread, dtype=np.float32)


def chroma(pixels: Pixels) -> Pixels:
    """Return H×W levels between the strongest and the weakest channel of H×W×3 pixels."""
    red, green, blue = cv2.split(pixels)
    most, least = cv2.max(red, cv2.max(green, blue)), cv2.min(red, cv2.min(green, blue))
    return np.asarray(cv2.subtract(most, least), dtype=np.uint8)


def _luma(pixels: Pixels) -> Plane:
    """Return H×W luma of H×W×3 RGB pixels, 0–255 (ITU-R BT.601)."""
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.float32)


def _lab(colours: Pixels) -> Plane:
    """Return N×3 CIE Lab of N×3 sRGB."""
    unit = colours[np.newaxis].astype(np.float32) / np.float32(255)
    return np.asarray(cv2.cvtColor(unit, cv2.COLOR_RGB2Lab)[0], dtype=np.float32)


def _blur(plane: Plane) -> Plane:
    return np.asarray(cv2.GaussianBlur(plane, _WINDOW_PX, _SIGMA_PX), dtype=np.float32)


def _without_grain(plane: Plane) -> Plane:
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), _GRAIN_SIGMA_PX), dtype=np.float32)
