"""Ruled lines: ink copy in, the copy without them out.

A rule of a table beside a cell reads as "1", "|" or "T"; an underline hides marks below letters.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.model import Pixels
from pipeline.recognition.pieces import DARK

_POINTS_PER_INCH = 72.0
_TALLEST_LETTER_PT = 20.0  # a longer vertical stroke is a rule
_WIDEST_STROKE_PT = 30.0  # a longer horizontal stroke is one too: dashes are shorter
_THICKEST_PT = 3.0  # of a rule; what is thicker is a picture or a bar


def without_rules(ink: Pixels, dpi: float) -> tuple[Pixels, NDArray[np.bool_]]:
    """Return the page, H×W uint8, without its rules, and where vertical ones stood (H×W).

    Letters that cross a rule keep their strokes.
    """
    pt = dpi / _POINTS_PER_INCH
    dark = (ink < DARK).astype(np.uint8)
    across = _rules(dark, max(3, round(_WIDEST_STROKE_PT * pt)), pt)
    down = _rules(dark.T, max(3, round(_TALLEST_LETTER_PT * pt)), pt).T
    if not across.any() and not down.any():
        return ink, down
    gone = _alone(dark, across, pt) | _alone(dark.T, down.T, pt).T
    clean = ink.copy()
    clean[gone] = 255
    return clean, down


def _rules(dark: NDArray[np.uint8], length: int, pt: float) -> NDArray[np.bool_]:
    """Return the horizontal strokes of at least `length` px that are thin enough."""
    strokes = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    thick = max(2, round(_THICKEST_PT * pt))
    bars = cv2.morphologyEx(strokes, cv2.MORPH_OPEN, np.ones((thick + 1, 1), np.uint8))
    return np.asarray(strokes > bars)


def _alone(dark: NDArray[np.uint8], rule: NDArray[np.bool_], pt: float) -> NDArray[np.bool_]:
    """Return the pixels of horizontal rules and of their rims that no letter crosses."""
    rim = max(1, round(0.4 * pt))
    wide = cv2.dilate(rule.astype(np.uint8), np.ones((2 * rim + 1, 1), np.uint8))
    beyond = ((dark > 0) & (wide == 0)).astype(np.uint8)
    reach = 2 * rim + 2
    up = np.zeros_like(beyond)
    down = np.zeros_like(beyond)
    up[reach:] = beyond[:-reach]
    down[:-reach] = beyond[reach:]
    crossed = cv2.morphologyEx(up & down, cv2.MORPH_DILATE, np.ones((1, 3), np.uint8))
    return np.asarray((wide > 0) & (crossed == 0))
