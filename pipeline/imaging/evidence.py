"""The paper of a page in, the boxes of its coloured ink out: seals, pens, stamps, photographs.

They are evidence of who signed, and layers damage them: a worn seal is neither ink nor paper.
"""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.background import Background
from pipeline.imaging.likeness import chroma
from pipeline.model import Box

_CHROMA = 34  # levels between the channels of coloured ink on white-balanced paper
_JOIN_MM = 3.0  # strokes of one signature, letters of one seal
_PAD_MM = 1.0
_MIN_AREA_MM2 = 12.0  # of the joined ink; less is a speck of colour
_MM_PER_INCH = 25.4


def evidence_boxes(background: Background, width_px: int, height_px: int) -> list[Box]:
    """Return boxes of coloured ink that do not overlap, in px of a page of this size."""
    found = chroma(background.divided_small()) > _CHROMA
    return boxes_around(np.asarray(found), background.dpi, width_px, height_px, _MIN_AREA_MM2)


def boxes_around(
    found: NDArray[np.bool_],
    dpi: float,
    width_px: int,
    height_px: int,
    min_area_mm2: float,
) -> list[Box]:
    """Return boxes around what was found on a picture of a page at `dpi`, joined and padded.

    In px of the page of the size given, from its top; they do not overlap.
    """
    if not found.any():
        return []
    px_mm = dpi / _MM_PER_INCH
    reach = max(1, round(_JOIN_MM * px_mm)) | 1
    kernel = np.ones((reach, reach), np.uint8)
    joined = cv2.morphologyEx(found.astype(np.uint8), cv2.MORPH_CLOSE, kernel)
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    pad = max(1, round(_PAD_MM * px_mm))
    across, down = width_px / found.shape[1], height_px / found.shape[0]
    return apart(
        Box(
            max(0, round((left - pad) * across)),
            max(0, round((top - pad) * down)),
            min(width_px, round((left + width + pad) * across)),
            min(height_px, round((top + height + pad) * down)),
        )
        for left, top, width, height, area in stats[1:].tolist()
        if area >= min_area_mm2 * px_mm**2
    )


def apart(boxes: Iterable[Box]) -> list[Box]:
    """Return boxes that hold the given ones and do not overlap, from the top."""
    done: list[Box] = []
    for box in boxes:
        grown = box
        while hit := next((other for other in done if other.overlaps(grown)), None):
            done.remove(hit)
            grown = grown.union(hit)
        done.append(grown)
    return sorted(done, key=lambda box: (box.top, box.left))
