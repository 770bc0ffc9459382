"""Pieces of print: lines of a page in, their parts between wide gaps out, each as a small image.

A recogniser reads a piece; where a form or a table leaves a wide gap, or a rule stands between two
cells, it would see things that are not there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.model import Box, Pixels

DARK = 160  # on the ink copy, whose paper is white
# In heights of the line as it was found:
_REACH_X = 0.3  # how far ink beside it may belong to it
_REACH_Y = 0.35  # and ink above or below it: marks of capitals, descenders
_GAP = 0.9  # narrower gaps are spaces between words
_GAP_OVER_SPACES = 2.2  # times the usual gap of the line, which may be set wide
_INSIDE = 0.35  # share of a blob's height that lies in the line, if it is the line's
_LEAST_PX = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line: where its ink lies on the page, and its image, h×w uint8, without rim."""

    box: Box
    pixels: Pixels
    line: int  # number of the line


def cut(ink: Pixels, lines: Sequence[Box], rules: NDArray[np.bool_]) -> tuple[Piece, ...]:
    """Return the pieces of the lines (px) of a page, H×W uint8.

    `rules` (H×W) tells where vertical rules stood that were taken out of the page.
    """
    pieces = []
    for number, line in enumerate(lines):
        wide = _widened(line, lines, ink.shape[1])
        room = _room(line, lines)
        for left, right in _runs(ink, rules, wide, line):
            piece = _trimmed(ink, Box(left, line.top, right, line.bottom), room, number)
            if piece is not None:
                pieces.append(piece)
    return tuple(pieces)


def _widened(line: Box, lines: Sequence[Box], width_px: int) -> Box:
    """Return the line with the ink beside it that no other line is nearer to."""
    reach = round(_REACH_X * line.height)
    left, right = line.left - reach, line.right + reach
    for other in lines:
        shared = min(line.bottom, other.bottom) - max(line.top, other.top)
        if other is line or shared < min(line.height, other.height) // 2:
            continue
        if other.left >= line.right:
            right = min(right, (line.right + other.left) // 2)
        elif other.right <= line.left:
            left = max(left, (line.left + other.right + 1) // 2)
    return Box(max(0, left), line.top, min(width_px, right), line.bottom)


def _room(line: Box, lines: Sequence[Box]) -> tuple[float, float]:
    """Return from and to (px down the page) where ink is nearer to this line than to another."""
    top, bottom = -math.inf, math.inf
    middle = (line.top + line.bottom) / 2
    for other in lines:
        shared = min(line.right, other.right) - max(line.left, other.left)
        apart = (other.top + other.bottom) / 2 - middle
        if shared <= 0 or abs(apart) < min(line.height, other.height) / 2:
            continue
        if apart > 0:
            bottom = min(bottom, (line.bottom + other.top) / 2)
        else:
            top = max(top, (other.bottom + line.top) / 2)
    return top, bottom


def _runs(ink: Pixels, rules: NDArray[np.bool_], wide: Box, line: Box) -> Iterator[tuple[int, int]]:
    """Yield left and right (px) of the parts of a line between its wide gaps and its rules."""
    place = (slice(wide.top, wide.bottom), slice(wide.left, wide.right))
    columns = np.flatnonzero((ink[place] < DARK).any(axis=0))
    if not len(columns):
        return
    gaps = np.diff(columns) - 1
    spaces = gaps[gaps > 0.15 * line.height]
    usual = float(np.median(spaces)) if len(spaces) > 2 else 0.0
    wanted = max(_GAP * line.height, _GAP_OVER_SPACES * usual)
    ruled = np.concatenate([[0], np.cumsum(rules[place].mean(axis=0) > 0.5)])
    between = ruled[columns[1:]] - ruled[columns[:-1]] > 0
    cuts = np.flatnonzero((gaps > wanted) | between)
    starts = np.concatenate([[0], cuts + 1])
    ends = np.concatenate([cuts, [len(columns) - 1]])
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        yield wide.left + int(columns[start]), wide.left + int(columns[end]) + 1


def _trimmed(ink: Pixels, part: Box, room: tuple[float, float], number: int) -> Piece | None:
    """Return a part of a line with its marks and descenders, the ink of other lines left out."""
    height, width = ink.shape
    reach = round(_REACH_Y * part.height)
    aside = round(0.15 * part.height)
    box = Box(
        max(0, part.left - aside),
        max(0, part.top - reach),
        min(width, part.right + aside),
        min(height, part.bottom + reach),
    )
    pixels = ink[box.top : box.bottom, box.left : box.right]
    dark = (pixels < DARK).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    right = left + stats[:, cv2.CC_STAT_WIDTH]
    bottom = top + stats[:, cv2.CC_STAT_HEIGHT]
    inside = np.minimum(bottom, part.bottom - box.top) - np.maximum(top, part.top - box.top)
    cut_off = (top == 0) | (bottom == box.height)
    foreign = cut_off & (inside < _INSIDE * (bottom - top))
    # Beside the part stands another one: only what reaches into it is its own.
    foreign |= (left >= part.right - box.left) | (right <= part.left - box.left)
    middle = (top + bottom) / 2 + box.top
    foreign |= (middle < room[0]) | (middle > room[1])
    foreign[0] = False
    if foreign.any():
        gone = cv2.dilate(foreign[labels].astype(np.uint8), np.ones((3, 3), np.uint8))
        mine = (labels > 0) & ~foreign[labels]
        pixels = pixels.copy()
        pixels[(gone > 0) & ~mine] = 255
        dark = (pixels < DARK).astype(np.uint8)
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    if len(rows) < _LEAST_PX or len(columns) < 1:
        return None
    top_px, bottom_px = int(rows[0]), int(rows[-1]) + 1
    left_px, right_px = int(columns[0]), int(columns[-1]) + 1
    place = Box(box.left + left_px, box.top + top_px, box.left + right_px, box.top + bottom_px)
    return Piece(place, pixels[top_px:bottom_px, left_px:right_px], number)
