"""A clean gray page in, its connected pieces of ink out."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.model import Pixels

_INK = 160  # darker is ink; dots of a blurred scan are pale


@dataclass(frozen=True, slots=True)
class Blobs:
    """Connected pieces of ink, numbered from 1; 0 is the paper."""

    ink: Pixels  # H×W, 1 where there is ink
    labels: NDArray[np.int32]  # H×W, the number of the piece
    left: NDArray[np.int32]  # px, by number
    top: NDArray[np.int32]
    width: NDArray[np.int32]
    height: NDArray[np.int32]
    area: NDArray[np.int32]
    x: NDArray[np.float64]  # px, centre of gravity
    y: NDArray[np.float64]

    def erased(self, gray: Pixels, mask: Pixels) -> Pixels:
        """Return the page with the marked ink and the blur around it painted white."""
        halo = cv2.dilate(mask, np.ones((3, 3), np.uint8)) > 0
        clean = gray.copy()
        clean[halo & ((self.ink == 0) | (mask > 0))] = 255
        return clean


def find_blobs(gray: Pixels) -> Blobs:
    """Return the pieces of ink of a page whose paper is white."""
    ink = np.asarray(gray < _INK, dtype=np.uint8)
    _, labels, stats, centres = cv2.connectedComponentsWithStats(ink, connectivity=8)
    left, top, width, height, area = (np.ascontiguousarray(column) for column in stats.T)
    x, y = np.ascontiguousarray(centres.T)
    return Blobs(ink, np.asarray(labels), left, top, width, height, area, x, y)
