"""A clean gray page in, the same without dotted leaders out.

Forms are filled in on dotted lines ("Họ, chữ đệm, tên: ......"). Tesseract's layout analysis
takes such a line for a picture or noise and drops the value with it: without the dots the
error rate of forms falls to a quarter.

Free dots are found as small blobs at an even pitch. The pitch is then followed under the typed
value on both sides for as long as there is ink where dots would be, and those dots go too;
strokes that pass through the place of a dot stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.blobs import Blobs, find_blobs
from pipeline.imaging.letters import LOOK_DPI, find_ink
from pipeline.imaging.resample import gray, reduced
from pipeline.model import PageImage, Pixels

_SIDE_MM = (0.08, 1.0)  # of a dot
_PITCH_MM = (0.4, 4.0)
_REACH_MM = 3.0  # free dots farther apart are not one run
_MIN_DOTS = 6  # a run: an ellipsis has three
_MIN_KNOWN_DOTS = 3  # a run at a pitch that the page has elsewhere
_REGULAR = 0.7  # share of gaps that are whole multiples of the pitch
_GAP_SLACK = 0.22  # of the pitch
_SAME_PITCH = 0.08
_GRID_DPI = 150.0
_COLON_MM = 0.8, 3.0  # between the two dots of a colon
_COLON_ASIDE_MM = 0.25
_FREE, _HIT, _MISS = 3.0, 1.0, -2.5  # log likelihood: text has ink at one place in three
_TOO_LARGE = 2.0  # times the area of a run's dots
_GIVE_UP = 6.0  # a running sum so far below its best will not recover
_LONG_MM, _LINE_MM = 20.0, 3.0  # of a leader that is counted; between two lines
_MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class _Run:
    """Free dots of one leader, left to right."""

    members: NDArray[np.intp]  # labels
    xs: NDArray[np.float64]  # px
    ys: NDArray[np.float64]
    pitch: float  # px


def leader_ink(blobs: Blobs, dpi: float) -> Pixels:
    """Return H×W, 1 where there is ink of a dotted leader."""
    small, colons = _dots(blobs, dpi)
    runs = _runs(blobs, small, dpi)
    if not runs:
        return np.zeros_like(blobs.ink)
    free = np.zeros(len(small), dtype=bool)
    for run in runs:
        free[run.members] = True
    erase = free[blobs.labels].astype(np.uint8)
    for run in runs:
        half = _half_dot(blobs, run)
        for x, y in _covered_dots(blobs, small, run, half):
            _erase_dot(erase, blobs.ink, x, y, half)
    erase[colons[blobs.labels]] = 0
    return erase


def count_leaders(image: PageImage) -> int:
    """Return on how many lines of a page there are dotted leaders."""
    small, dpi = reduced(gray(image.pixels), image.dpi, LOOK_DPI)
    even = cv2.divide(small, np.maximum(find_ink(small).paper, 1), scale=255)
    blobs = find_blobs(np.asarray(even, np.uint8))
    runs = _runs(blobs, _dots(blobs, dpi)[0], dpi)
    long = [run for run in runs if np.ptp(run.xs) >= _LONG_MM * dpi / _MM_PER_INCH]
    rows = np.sort([float(np.median(run.ys)) for run in long])
    return int((np.diff(rows, prepend=-np.inf) > _LINE_MM * dpi / _MM_PER_INCH).sum())


def _dots(blobs: Blobs, dpi: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return for each label whether it may be a dot of a leader, and whether of a colon."""
    px_mm = dpi / _MM_PER_INCH
    longer = np.maximum(blobs.width, blobs.height)
    shorter = np.minimum(blobs.width, blobs.height)
    small = (longer <= max(3, _SIDE_MM[1] * px_mm)) & (shorter >= max(1, _SIDE_MM[0] * px_mm))
    small &= longer <= 3 * shorter
    small[0] = False
    dots = np.flatnonzero(small)
    colons = np.zeros_like(small)
    colons[dots[_colons(blobs.x[dots], blobs.y[dots], px_mm)]] = True
    return small & ~colons, colons


def _runs(blobs: Blobs, small: NDArray[np.bool_], dpi: float) -> list[_Run]:
    px_mm = dpi / _MM_PER_INCH
    dots = np.flatnonzero(small)
    if len(dots) < _MIN_DOTS:
        return []
    groups = _rows_of(blobs.x[dots], blobs.y[dots], blobs.ink.shape, dpi)
    order = np.lexsort((blobs.x[dots], groups))
    dots, groups = dots[order], groups[order]
    starts = np.flatnonzero(np.diff(groups, prepend=-1))
    pieces = [piece for piece in np.split(dots, starts[1:]) if len(piece) >= _MIN_KNOWN_DOTS]
    limits = _PITCH_MM[0] * px_mm, _PITCH_MM[1] * px_mm
    candidates = [run for piece in pieces if (run := _run(blobs, piece, limits)) is not None]
    sure = [run for run in candidates if len(run.xs) >= _MIN_DOTS]
    pitches = np.array([run.pitch for run in sure])
    return sure + [
        run
        for run in candidates
        if len(run.xs) < _MIN_DOTS and bool(np.any(np.abs(pitches / run.pitch - 1) <= _SAME_PITCH))
    ]


def _colons(x: NDArray[np.float64], y: NDArray[np.float64], px_mm: float) -> NDArray[np.bool_]:
    """Return which dots are half of a colon: another one stands right above or below."""
    order = np.argsort(x)
    xs, ys = x[order], y[order]
    found = np.zeros(len(order), dtype=bool)
    for step in range(1, 40):
        near = xs[step:] - xs[:-step] <= _COLON_ASIDE_MM * px_mm
        if not near.any():
            break
        apart = np.abs(ys[step:] - ys[:-step]) / px_mm
        pair = near & (apart >= _COLON_MM[0]) & (apart <= _COLON_MM[1])
        found[step:] |= pair
        found[:-step] |= pair
    colons = np.zeros(len(order), dtype=bool)
    colons[order] = found
    return colons


def _rows_of(
    x: NDArray[np.float64], y: NDArray[np.float64], shape: tuple[int, ...], dpi: float
) -> NDArray[np.int32]:
    """Return for each dot the number of the row of near neighbours that it belongs to."""
    scale = min(1.0, _GRID_DPI / dpi)
    height, width = (int(side * scale) + 2 for side in shape[:2])
    grid = np.zeros((height, width), dtype=np.uint8)
    rows = (y * scale).astype(np.intp)
    columns = (x * scale).astype(np.intp)
    grid[rows, columns] = 1
    reach = round(_REACH_MM * dpi * scale / _MM_PER_INCH) | 1
    joined = cv2.dilate(grid, np.ones((3, reach), np.uint8))
    _, labels = cv2.connectedComponents(joined, connectivity=8)
    return np.asarray(labels)[rows, columns]


def _run(blobs: Blobs, members: NDArray[np.intp], limits: tuple[float, float]) -> _Run | None:
    xs, ys = blobs.x[members], blobs.y[members]
    gaps = np.diff(xs)
    pitch = float(np.median(gaps))
    if not limits[0] <= pitch <= limits[1]:
        return None
    multiples = np.maximum(np.round(gaps / pitch), 1)
    fits = np.abs(gaps - multiples * pitch) <= _GAP_SLACK * pitch
    if fits.mean() < _REGULAR:
        return None
    exact = float(gaps[fits].sum() / multiples[fits].sum())
    return _Run(members, xs, ys, exact)


def _half_dot(blobs: Blobs, run: _Run) -> tuple[float, float]:
    width, height = np.median(blobs.width[run.members]), np.median(blobs.height[run.members])
    return float(width) / 2, float(height) / 2


def _covered_dots(
    blobs: Blobs, small: NDArray[np.bool_], run: _Run, half: tuple[float, float]
) -> Iterator[tuple[float, float]]:
    """Yield centres in px of the dots that lie under values beside or within a run."""
    gaps = np.diff(run.xs)
    for place in np.flatnonzero(gaps > 1.5 * run.pitch):
        count = round(gaps[place] / run.pitch)
        for k in range(1, count):
            x = run.xs[place] + gaps[place] * k / count
            yield x, float(np.interp(x, run.xs, run.ys))
    for direction in (-1, 1):
        yield from _followed(blobs, small, run, half, direction)


def _followed(
    blobs: Blobs,
    small: NDArray[np.bool_],
    run: _Run,
    half: tuple[float, float],
    direction: int,
) -> list[tuple[float, float]]:
    """Return the dots beyond the left (−1) or right (1) end of a run.

    The end is where the running sum of evidence for dots is highest (a change point).
    """
    height, width = blobs.ink.shape
    end = 0 if direction < 0 else -1
    x, y = float(run.xs[end]), float(run.ys[end])
    slope = _slope(run, direction)
    largest = _TOO_LARGE * float(np.median(blobs.area[run.members]))
    best = total = 0.0
    sure = 0
    walked: list[tuple[float, float]] = []
    while total > best - _GIVE_UP:
        before = x
        x, y = x + direction * run.pitch, y + direction * run.pitch * slope
        if not (0 <= x < width and 0 <= y < height):
            break
        label = _free_dot(blobs, small, x, y, run.pitch, half)
        if label and blobs.area[label] > largest:  # the dot of "ạ": proves nothing, and stays
            continue
        # The dot last seen may reach into the window of the next: always walk on.
        if label and direction * (float(blobs.x[label]) - before) > run.pitch / 2:
            x, y = float(blobs.x[label]), float(blobs.y[label])
            total += _FREE
        else:
            total += _HIT if _inked(blobs.ink, x, y, half) else _MISS
        walked.append((x, y))
        if total > best:
            best, sure = total, len(walked)
    return walked[:sure]


def _slope(run: _Run, direction: int) -> float:
    """Return how a leader runs down (px a px) at its left (−1) or right (1) end: paper curls."""
    xs, ys = (run.xs[:20], run.ys[:20]) if direction < 0 else (run.xs[-20:], run.ys[-20:])
    return float(np.polyfit(xs, ys, 1)[0]) if len(xs) >= 2 * _MIN_DOTS else 0.0


def _free_dot(
    blobs: Blobs,
    small: NDArray[np.bool_],
    x: float,
    y: float,
    pitch: float,
    half: tuple[float, float],
) -> int:
    """Return the number of the dot that stands free where one is expected; 0: none."""
    aside, up = _GAP_SLACK * pitch, half[1] + 1
    window = blobs.labels[
        max(0, round(y - up)) : round(y + up) + 1, max(0, round(x - aside)) : round(x + aside) + 1
    ]
    return next((int(label) for label in np.unique(window) if small[label]), 0)


def _inked(ink: Pixels, x: float, y: float, half: tuple[float, float]) -> bool:
    left, right = round(x - half[0]), round(x + half[0])
    top, bottom = round(y - half[1]), round(y + half[1])
    window = ink[max(0, top) : bottom + 1, max(0, left) : right + 1]
    return bool(window.size and window.mean() >= 0.5)


def _erase_dot(erase: Pixels, ink: Pixels, x: float, y: float, half: tuple[float, float]) -> None:
    """Mark the ink of one dot, without strokes that pass through its place."""
    left, right = max(1, round(x - half[0]) - 1), round(x + half[0]) + 2
    top, bottom = max(2, round(y - half[1]) - 1), round(y + half[1]) + 2
    window = ink[top:bottom, left:right]
    if window.size == 0:
        return
    beside = ink[top:bottom, left - 1].any() and ink[top:bottom, right : right + 1].any()
    if beside:  # the round foot of a letter
        return
    above = ink[top - 2 : top, left:right].max(axis=0)
    erase[top:bottom, left:right] |= window & (above == 0)
