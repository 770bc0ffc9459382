"""Words of a piece and its image in, boxes that hold their ink out.

A network tells the place of a letter roughly; the white between two words tells where one ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.model import Box, Pixels
from pipeline.recognition.merging import Told
from pipeline.recognition.pieces import DARK, Piece

_SLACK = 0.35  # of the piece's height: how far a place may be off


def word_boxes(piece: Piece, told: Sequence[Told]) -> list[Box]:
    """Return the box (px of the page) of each word of a piece, around its ink."""
    if not told:
        return []
    dark = piece.pixels < DARK
    ends = word_ends(piece.pixels, told)
    return [_box(piece, dark, left, right) for left, right in pairwise(ends)]


def word_ends(pixels: Pixels, told: Sequence[Told]) -> list[int]:
    """Return the columns (px) where the words of a piece, h×w uint8, begin, and its width."""
    columns = np.asarray((pixels < DARK).any(axis=0), np.bool_)
    return [0, *_cuts(columns, told, _SLACK * pixels.shape[0]), len(columns)]


def _cuts(columns: NDArray[np.bool_], told: Sequence[Told], slack: float) -> list[int]:
    """Return the columns (px) between each word and the next, each right of the last."""
    cuts: list[int] = []
    least = 0
    for word, after in pairwise(told):
        middle = (word.right + after.left) / 2
        reach = max(slack, (after.left - word.right) / 2 + 1)
        start = max(least + 1, int(middle - reach))
        end = min(len(columns) - 1, int(middle + reach) + 1)
        cut = _widest_gap(columns, start, end, middle) if end > start else start
        least = min(max(cut, least + 1), len(columns) - 1)
        cuts.append(least)
    return cuts


def _widest_gap(columns: NDArray[np.bool_], start: int, end: int, middle: float) -> int:
    """Return the middle of the widest white run, or `middle` where there is none."""
    edges = np.flatnonzero(
        np.diff(np.concatenate([[True], columns[start:end], [True]]).astype(np.int8))
    )
    runs = edges.reshape(-1, 2)
    if not len(runs):
        return int(middle)
    left, right = max(
        runs.tolist(), key=lambda run: (run[1] - run[0], -abs(start + sum(run) / 2 - middle))
    )
    return start + int((left + right) // 2)


def _box(piece: Piece, dark: NDArray[np.bool_], left: int, right: int) -> Box:
    part = dark[:, left:right]
    across, down = np.flatnonzero(part.any(axis=0)), np.flatnonzero(part.any(axis=1))
    x, y = piece.box.left, piece.box.top
    if not len(across):
        return Box(x + left, piece.box.top, x + max(right, left + 1), piece.box.bottom)
    return Box(
        x + left + int(across[0]),
        y + int(down[0]),
        x + left + int(across[-1]) + 1,
        y + int(down[-1]) + 1,
    )
