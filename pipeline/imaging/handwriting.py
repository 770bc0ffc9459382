"""A straightened page in, where a person wrote on it out.

Two things tell it from print with certainty enough: ink of a blue pen that no engine reads as
print, and long strokes that are no signature. Black pen in small letters is not told from print;
it shows as words that were read with little confidence.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.box import Box
from pipeline.imaging.background import background_of
from pipeline.imaging.evidence import apart, boxes_around
from pipeline.imaging.pen import find_strokes
from pipeline.layout import Mark
from pipeline.model import PageImage, Word

_BLUE = 30  # blue over red of a pen, on white-balanced paper at 50 dpi
_LEAST_MM2 = 4.0  # of joined ink: a digit
_READ = 0.75  # confidence of words that are print
_PRINTED = 0.5  # of a region that such words cover: blue print
_WOUND = 2.0  # times its box's diagonal that a stroke is long
_LONG_MM = 30.0
_TAIL = 0.7  # of a signature's width


def find_handwriting(
    image: PageImage, marks: Sequence[Mark], words: Sequence[Word]
) -> tuple[Box, ...]:
    """Return regions written by hand, from the top, in px of the page; no two overlap.

    Seals and signatures in `marks` are none, nor what the engine read well in `words`.
    """
    if image.bitonal:
        return ()
    background = background_of(image)
    small = background.divided_small().astype(np.int16)
    blue = (small[..., 2] - small[..., 0] > _BLUE) & (small[..., 0] < small[..., 2])
    found = boxes_around(
        np.asarray(blue), background.dpi, image.width_px, image.height_px, _LEAST_MM2
    )
    found += [
        stroke.box
        for stroke in find_strokes(image.pixels, image.dpi, ())
        if stroke.length_mm >= max(_LONG_MM, _WOUND * stroke.diagonal_mm)
    ]
    sure = [word.box for word in words if word.confidence >= _READ and len(word.text) > 1]
    kept = [
        box
        for box in found
        if not any(_covered(box, _around(mark)) > 0 for mark in marks)
        and sum(_covered(box, word) for word in sure) < _PRINTED
    ]
    return tuple(apart(kept))


def _around(mark: Mark) -> Box:
    """Return the box of a mark; a signature's tail may come off and lie beside it."""
    box = mark.box
    beside = round(_TAIL * box.width) if mark.kind == "signature" else 0
    return Box(max(0, box.left - beside), box.top, box.right + beside, box.bottom)


def _covered(box: Box, other: Box) -> float:
    """Return the share of a box that another covers."""
    wide = min(box.right, other.right) - max(box.left, other.left)
    high = min(box.bottom, other.bottom) - max(box.top, other.top)
    return max(0, wide) * max(0, high) / max(1, box.width * box.height)
