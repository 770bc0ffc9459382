"""A page with few words in, whether it is a photograph or a drawing out."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from pipeline.imaging.letters import find_ink
from pipeline.imaging.resample import gray, reduced
from pipeline.model import PageImage

_DPI = 75.0
_TONES = (0.15, 0.65)  # of the lightest place: neither ink nor paper, not even shaded paper
_LARGE_MM = 15.0  # connected ink that is longer is drawn, not written
_MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Picture:
    """What a page is covered with beside words; shares of 0 to 1."""

    tones: float  # of the page that is neither ink nor paper
    drawn: float  # of the ink that hangs together over more than a word


def measure_picture(image: PageImage) -> Picture:
    """Return how much of a page is continuous tone, and how much of its ink is drawn."""
    small, dpi = reduced(gray(image.pixels), image.dpi, _DPI)
    light = small / max(1.0, float(np.percentile(small, 98)))
    tones = float(((light > _TONES[0]) & (light < _TONES[1])).mean())
    ink = find_ink(small).mask.astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    areas, sides = stats[1:, 4], stats[1:, 2:4]
    large = sides.max(axis=1) >= _LARGE_MM / _MM_PER_INCH * dpi if len(sides) else sides[:, 0] > 0
    drawn = float(areas[large].sum() / areas.sum()) if len(areas) else 0.0
    return Picture(round(tones, 3), round(drawn, 3))
