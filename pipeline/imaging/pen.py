"""A page in, long strokes of a pen out: what signatures are made of.

Print is made of letters that fit into a line, rules are straight. A piece of connected ink that is
larger than a letter, thin, and neither straight nor a frame is drawn by hand.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.box import Box
from pipeline.imaging.background import Background
from pipeline.imaging.resample import reduced
from pipeline.imaging.rings import Ring
from pipeline.layout import Mark
from pipeline.model import Pixels

_DPI = 150.0
_PAPER_MM = 1.6  # wider than strokes: the brightest within it is paper
_INK = 0.72  # of the paper's light: darker is ink
_RULE_MM = 12.0  # ink that is straight for so long is a rule
_RULE_EDGE_PX = 5  # a rule is frayed
_RING = 1.06  # times a seal's radius: seals are no perfect circles
_RING_LEFT = 0.5  # of one of its circles is dark in the red light: the seal is not red
_LONGER_MM, _HIGHER_MM = 6.0, 3.0  # sides of a stroke; few letters are larger
_LARGEST_MM = 120.0, 70.0  # a larger piece is a drawing or a bent table
_FILL = 0.3  # of its box: print that has run together fills more
_FRAME = 0.85  # of the tightest rectangle around it that its outline encloses: a frame, a cell
_BLUENESS = 18  # blue over red of a pen's ink on white paper
_BLACK, _BLUE = 0.3, 0.6  # brightness in blue light: black ink below, blue ink above
_SMALLEST_PX = 8  # no stroke fits into less
_MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Stroke:
    """A connected piece of ink drawn by hand."""

    box: Box  # px of the page
    height_mm: float
    diagonal_mm: float  # of its box
    length_mm: float  # along the stroke


def find_strokes(pixels: Pixels, dpi: float, rings: Sequence[Ring]) -> list[Stroke]:
    """Return the long strokes on a page of H×W×3 RGB pixels, outside of the seals' rings."""
    # In red light, red ink is as bright as paper, and blue and black ink are dark.
    if min(pixels.shape[:2]) < _SMALLEST_PX:
        return []
    red, small_dpi = reduced(pixels[..., 0], dpi, _DPI)
    ink = _ink(red, small_dpi)
    scale = dpi / small_dpi
    for ring in rings:
        _without(ink, ring.x / scale, ring.y / scale, ring.radius / scale)
    ink[_rules(ink, small_dpi) > 0] = 0
    return [
        _scaled(stroke, scale, pixels.shape)
        for stroke in _long_pieces(ink, small_dpi / _MM_PER_INCH)
    ]


def without_signatures(
    clean: Pixels, pixels: Pixels, marks: Sequence[Mark], background: Background
) -> Pixels:
    """Return the clean gray page without the ink of blue signatures; black ink under it stays.

    Only within signatures: what a form is filled in with is blue as well, and is to be read.
    `pixels` is the same page in RGB as scanned, `background` its paper.
    """
    for mark in marks:
        if mark.kind != "signature" or mark.colour != "blue":
            continue
        box = mark.box
        place = slice(box.top, box.bottom), slice(box.left, box.right)
        balanced = background.divide(pixels, place)
        blue = balanced[..., 2].astype(np.int16) - balanced[..., 0] > _BLUENESS
        ink = cv2.dilate(blue.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        through_blue = (balanced[..., 2] / 255.0 - _BLACK) / (_BLUE - _BLACK)
        shade = np.clip(through_blue * 255, 0, 255).astype(np.uint8)
        clean = clean.copy()
        clean[place] = np.where(ink, np.maximum(shade, clean[place]), clean[place])
    return clean


def _ink(pixels: Pixels, dpi: float) -> NDArray[np.uint8]:
    half = cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    reach = max(3, round(_PAPER_MM * dpi / _MM_PER_INCH)) | 1
    paper = cv2.blur(cv2.dilate(half, np.ones((reach, reach), np.uint8)), (reach, reach))
    paper = cv2.resize(paper, pixels.shape[::-1], interpolation=cv2.INTER_LINEAR)
    dark = cv2.compare(pixels, cv2.convertScaleAbs(paper, alpha=_INK), cv2.CMP_LT)
    return np.asarray(dark & 1, np.uint8)


def _without(ink: NDArray[np.uint8], x: float, y: float, radius: float) -> None:
    """Take a seal that is not red out of the ink, in place."""
    turn = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    height, width = ink.shape
    left = 0.0
    for reach in np.arange(0.7 * radius, radius + 3):
        columns, rows = np.rint(x + reach * np.cos(turn)), np.rint(y + reach * np.sin(turn))
        inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
        on_ring = ink[rows[inside].astype(np.intp), columns[inside].astype(np.intp)]
        left = max(left, float(on_ring.mean()) if len(on_ring) else 0.0)
    if left > _RING_LEFT:
        cv2.circle(ink, (round(x), round(y)), round(radius * _RING) + 2, 0, cv2.FILLED)


def _rules(ink: NDArray[np.uint8], dpi: float) -> Pixels:
    reach = max(3, round(_RULE_MM * dpi / _MM_PER_INCH))
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, reach), np.uint8))
    upright = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((reach, 1), np.uint8))
    level = cv2.dilate(level, np.ones((_RULE_EDGE_PX, 1), np.uint8))
    upright = cv2.dilate(upright, np.ones((1, _RULE_EDGE_PX), np.uint8))
    return np.asarray(level | upright, np.uint8)


def _long_pieces(ink: NDArray[np.uint8], px_mm: float) -> list[Stroke]:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    left, top, width, height, area = stats.T
    rows, columns = ink.shape
    longer = np.maximum(width, height) >= _LONGER_MM * px_mm
    fits = (width <= _LARGEST_MM[0] * px_mm) & (height <= _LARGEST_MM[1] * px_mm)
    inside = (left > 2) & (top > 2) & (left + width < columns - 2) & (top + height < rows - 2)
    thin = area < _FILL * width * height
    found = np.flatnonzero(longer & fits & inside & thin & (height >= _HIGHER_MM * px_mm))
    strokes = []
    for piece in found[found > 0]:
        box = Box(
            int(left[piece]),
            int(top[piece]),
            int(left[piece] + width[piece]),
            int(top[piece] + height[piece]),
        )
        mask = (labels[box.top : box.bottom, box.left : box.right] == piece).astype(np.uint8)
        if not _is_frame(mask):
            diagonal = math.hypot(box.width, box.height)
            strokes.append(Stroke(box, box.height / px_mm, diagonal / px_mm, _length(mask) / px_mm))
    return strokes


def _is_frame(mask: NDArray[np.uint8]) -> bool:
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outline = max(outlines, key=cv2.contourArea)
    _, (width, height), _ = cv2.minAreaRect(outline)
    return bool(cv2.contourArea(outline) > _FRAME * width * height)


def _length(mask: NDArray[np.uint8]) -> float:
    """Return the length of a stroke in px: its area by its width.

    The pixels of a stroke of `w` px are (w + 2) / 4 px from its edge on average.
    """
    framed = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    away = cv2.distanceTransform(framed, cv2.DIST_L2, 3)
    return float(mask.sum() / max(1.0, 4 * float(away[framed > 0].mean()) - 2))


def _scaled(stroke: Stroke, scale: float, shape: tuple[int, ...]) -> Stroke:
    box = stroke.box
    grown = Box(
        int(box.left * scale),
        int(box.top * scale),
        min(shape[1], round(box.right * scale)),
        min(shape[0], round(box.bottom * scale)),
    )
    return replace(stroke, box=grown)
