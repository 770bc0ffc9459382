"""A page and what its layers show in, how alike they are out.

Structural similarity (Wang et al. 2004: Gaussian window, σ 1.5) of the luma at 150 dpi, where a
line of print is about as large as an eye resolves at reading distance.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.model import Pixels

Plane = NDArray[np.float32]

LOOK_DPI = 150.0
_WINDOW_PX, _SIGMA_PX = (11, 11), 1.5
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
_INK_DEPTH = 60  # levels darker than the paper nearby
_PAPER_PX = 31  # wider than strokes
_NEAR_INK_PX = 7  # three pixels around ink: its edges count
_GRAIN_SIGMA_PX = 1.5  # paper grain is finer, and guilloche coarser


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two pictures of a page are; 1: the same."""

    page: float  # mean over the page
    ink: float  # mean within three pixels of ink
    plain: float  # mean over the page without the grain of its paper

    def reaches(self, page: float, ink: float) -> bool:
        """Tell whether page and ink are as alike as asked; grain that is lost is no loss.

        Grain has no structure to keep: on grainy paper a JPEG needs six times the bytes of all
        layers before its mean passes .95.
        """
        return self.ink >= ink and max(self.page, self.plain) >= page


class Reference:
    """A page to compare with, its moments computed once."""

    def __init__(self, luma: Plane) -> None:
        """`luma`: H×W, 0–255, at LOOK_DPI."""
        self._sharp = _Moments(luma)
        self._plain = _Moments(_without_grain(luma))
        eight_bits = luma.astype(np.uint8)
        paper = cv2.dilate(eight_bits, np.ones((_PAPER_PX, _PAPER_PX), np.uint8))
        ink = (cv2.subtract(paper, eight_bits) > _INK_DEPTH).astype(np.uint8)
        near = np.ones((_NEAR_INK_PX, _NEAR_INK_PX), np.uint8)
        self.near_ink = np.asarray(cv2.dilate(ink, near) > 0)

    def compare(self, shown: Plane) -> tuple[Likeness, Plane]:
        """Return how alike the shown luma is, and the similarity at each pixel."""
        similar = self._sharp.similarity(shown)
        ink = float(similar[self.near_ink].mean()) if self.near_ink.any() else 1.0
        plain = self._plain.similarity(_without_grain(shown))
        # Near ink, smoothing hides what is lost of letters: there the sharp one counts.
        mixed = np.where(self.near_ink, similar, plain)
        return Likeness(float(similar.mean()), ink, float(mixed.mean())), mixed


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


def luma(pixels: Pixels | Plane) -> Plane:
    """Return H×W luma of H×W or H×W×3 RGB pixels, 0–255 (ITU-R BT.601)."""
    if pixels.ndim == 3:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    return np.asarray(pixels, dtype=np.float32)


def _blur(plane: Plane) -> Plane:
    return np.asarray(cv2.GaussianBlur(plane, _WINDOW_PX, _SIGMA_PX), dtype=np.float32)


def _without_grain(plane: Plane) -> Plane:
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), _GRAIN_SIGMA_PX), dtype=np.float32)
