"""Lines of print on a page: ink copy in, their boxes out.

The network (`det.onnx` of trueocr 0.1.1, Apache-2.0) says of each place on a half-size map whether
it lies in the core of a line and how far the line's top and bottom are. It finds the lines that
Tesseract's layout drops from forms, at a third of its cost.
"""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.model import Box, Pixels
from pipeline.recognition import models

_LONG_SIDE = 1024  # px of the page as the network is used to see it
_MOST_LONG_SIDE = 2048
_SMALL_PX, _WANTED_PX = 9.0, 12.0  # median height of lines as the network sees them
_MULTIPLE = 32  # px, of the sides that the network takes
_STRIDE = 2  # px of its input, per place of its map
_CORE = 0.0  # logit, of a place in the core of a line
_FEWEST_PLACES = 3
_CORE_ENDS = 0.15  # of its height: how much shorter the core is than the line, at each end
_MANY_LINES = 8  # enough to tell the size of the print
MOST_LINES = 1500  # a page of specks has more blobs than any page has lines


def find_lines(ink: Pixels) -> tuple[Box, ...]:
    """Return the boxes (px) of the lines of print of a page, H×W uint8, from the top down.

    Raises like `models.run`.
    """
    boxes = _find(ink, _LONG_SIDE)
    if len(boxes) >= _MANY_LINES:
        seen = float(np.median(boxes[:, 3] - boxes[:, 1])) * _LONG_SIDE / max(ink.shape)
        if seen < _SMALL_PX:
            wanted = _LONG_SIDE * _WANTED_PX / max(seen, 1.0)
            boxes = _find(ink, min(_MOST_LONG_SIDE, round(wanted)))
    height, width = ink.shape
    found = []
    for left, top, right, bottom in boxes[:MOST_LINES].tolist():
        box = Box(
            max(0, int(left)),
            max(0, int(top)),
            min(width, int(right) + 1),
            min(height, int(bottom) + 1),
        )
        if box.width > 1 and box.height > 1:
            found.append(box)
    return tuple(sorted(found, key=lambda box: (box.top, box.left)))


def _find(ink: Pixels, long_side: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return N×4 boxes (left, top, right, bottom in px of the page)."""
    height, width = ink.shape
    scale = long_side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(ink, size, interpolation=way)
    rows, columns = (-(-side // _MULTIPLE) * _MULTIPLE for side in small.shape)
    seen = np.zeros((1, 1, rows, columns), np.float32)  # 0 is paper, 1 is ink
    seen[0, 0, : small.shape[0], : small.shape[1]] = 1.0 - small / np.float32(255)
    core, above, below = models.run("lines", {"x": seen})[0][0]
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        (core > _CORE).astype(np.uint8), connectivity=4
    )
    y, x = np.nonzero(labels)
    which = labels[y, x]
    size_of = np.maximum(np.bincount(which, minlength=count), 1)
    middle = (y + 0.5) * _STRIDE
    tops = np.bincount(which, middle - above[y, x], count) / size_of
    bottoms = np.bincount(which, middle + below[y, x], count) / size_of
    ends = _CORE_ENDS * np.maximum(1.0, bottoms - tops)
    left = stats[:, cv2.CC_STAT_LEFT] * _STRIDE - ends
    right = (stats[:, cv2.CC_STAT_LEFT] + stats[:, cv2.CC_STAT_WIDTH]) * _STRIDE + ends
    boxes = np.stack([left, tops, right, bottoms], axis=1) / scale
    large = stats[:, cv2.CC_STAT_AREA] >= _FEWEST_PLACES
    large[0] = False  # the background
    return np.asarray(boxes[large], np.float64)
