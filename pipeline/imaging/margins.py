"""A straightened page in, the empty paper around its print out."""

from __future__ import annotations

import numpy as np

from pipeline.imaging.letters import LOOK_DPI, find_ink, find_letters
from pipeline.imaging.resample import gray, reduced
from pipeline.layout import Margins
from pipeline.model import PageImage

_OUTERMOST = 1.0  # percentile of the letters' edges: specks of a letter's size lie beyond
_MM_PER_INCH = 25.4


def measure_margins(image: PageImage) -> Margins | None:
    """Return the margins in mm; None: too few letters.

    Only ink of the size of letters counts: neither scanner borders nor punch holes nor rules.
    """
    small, dpi = reduced(gray(image.pixels), image.dpi, LOOK_DPI)
    letters = find_letters(find_ink(small))
    if not letters.height_px:
        return None
    left, top, wide, high = (letters.boxes[:, side] for side in range(4))
    mm = _MM_PER_INCH / dpi
    return Margins(
        left=_mm(np.percentile(left, _OUTERMOST), mm),
        top=_mm(np.percentile(top, _OUTERMOST), mm),
        right=_mm(small.shape[1] - np.percentile(left + wide, 100 - _OUTERMOST), mm),
        bottom=_mm(small.shape[0] - np.percentile(top + high, 100 - _OUTERMOST), mm),
    )


def _mm(px: float, mm: float) -> float:
    return round(max(0.0, float(px)) * mm, 1)
