"""Words of a line in, the line that they stand on out."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from pipeline.model import Word

STANDING = re.compile(r"^[A-ZĐĂÂÊÔƠƯabcdehiklmnorstuvxăâđêôơư0-9.]+$")  # no letter hangs below
DESCENT = 0.22  # of the word's height, of words with letters that do
_STEEPEST = 0.05  # rise over run: a straightened line that is steeper was measured badly


def fitted_baseline(words: Sequence[Word]) -> tuple[float, float]:
    """Return y (px) of the baseline at the left and right edge of a line, for words with ink boxes.

    Where letters stand on it, a line through their feet (least squares, far ones left out), else
    an estimate from the heights.
    """
    left = min(word.box.left for word in words)
    right = max(word.box.right for word in words)
    standing = [word for word in words if STANDING.match(word.text)]
    if not standing:
        feet = [word.box.bottom - DESCENT * word.box.height for word in words]
        y = round(float(np.median(feet)), 2)
        return (y, y)
    x = np.array([(word.box.left + word.box.right) / 2 for word in standing])
    y_of = np.array([float(word.box.bottom) for word in standing])
    near = np.abs(y_of - np.median(y_of)) <= 0.2 * max(word.box.height for word in standing)
    if near.any():
        x, y_of = x[near], y_of[near]
    slope = 0.0
    if len(x) > 2 and float(np.ptp(x)) > 0.5 * (right - left):
        slope = float(np.polyfit(x, y_of, 1)[0])
        if abs(slope) > _STEEPEST:
            slope = 0.0
    middle_x, middle_y = float(x.mean()), float(y_of.mean())
    ends = (middle_y + slope * (edge - middle_x) for edge in (left, right))
    first, last = (round(end, 2) for end in ends)
    return (first, last)
