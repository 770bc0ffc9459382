"""Lines that the engine's layout left out: ink copy and lines in, strips of missed print out.

Tesseract's page layout drops whole lines of forms, on clean pages too. What looks like a line of
print and bears no word is set strip below strip on a small page of its own and read once more.
Parts of a row are strips of their own: a value set higher than its label makes the engine drop
both. On synthetic pages the second reading takes the CER from 2.5 to 2.2 % for 0.2 s a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.model import Box, Line, Pixels

_DARK = 128  # ink is darker on the ink copy, whose paper is white
_POINTS_PER_INCH = 72.0
_LETTERS_APART_PT = 8.0  # blanks that a line of print bridges
_MIN_HEIGHT_PT, _MAX_HEIGHT_PT = 5.0, 26.0  # of a line of print, marks and descenders included
_MIN_WIDTH_PT = 24.0  # three letters; less is a speck or a part of a signature
_MIN_SLENDER = 1.5  # width to height: a seal or a signature is squarer
_INK_SHARE = (0.04, 0.6)  # of the box: less is a scribble, more a rule or a picture
_MARGIN_PT = 2.0  # around words that were read: the rest of their ink
_PAD_PT = 6.0  # white around a strip
_MAX_STRIPS = 40  # more, and the page is no text at all
_MIN_CONFIDENCE = 0.7  # mean of a line's words; what is left of seals reads below 0.66
_MIN_LETTERS = 3  # letters and digits of a line


@dataclass(frozen=True, slots=True)
class Strips:
    """Missed lines below each other on a page of their own."""

    page: Pixels  # H×W uint8, white paper
    tops: tuple[int, ...]  # px on that page, where each strip starts
    shifts: tuple[tuple[int, int], ...]  # px right and down from a strip's place to the true one

    def in_place(self, lines: Sequence[Line]) -> tuple[Line, ...]:
        """Return the lines read from the strips where they stand on the true page.

        Lines of little confidence are left out: remains of seals and signatures.
        """
        return tuple(self._moved(line) for line in lines if is_sure(line))

    def _moved(self, line: Line) -> Line:
        middle = (line.box.top + line.box.bottom) / 2
        index = max((i for i, top in enumerate(self.tops) if top <= middle), default=0)
        right, down = self.shifts[index]
        words = tuple(replace(word, box=_shifted(word.box, right, down)) for word in line.words)
        ends = line.baseline
        baseline = (ends[0] + down, ends[1] + down) if ends else None
        return Line(words, baseline, line.block)


def missed_strips(ink: Pixels, lines: Sequence[Line], dpi: float) -> Strips | None:
    """Return the ink (H×W uint8) that looks like print and bears no word, or None."""
    dark = _unread(ink, lines, dpi)
    pt = dpi / _POINTS_PER_INCH
    boxes = _print_like(dark, pt)
    if not 0 < len(boxes) <= _MAX_STRIPS:
        return None
    pad = round(_PAD_PT * pt)
    height = sum(box.height + 2 * pad for box in boxes)
    page = np.full((height, max(box.width for box in boxes) + 2 * pad), 255, np.uint8)
    tops, shifts, top = [], [], 0
    for box in boxes:
        place = _place(box, 0)
        piece = np.where(dark[place], ink[place], 255)
        page[top + pad : top + pad + box.height, pad : pad + box.width] = piece
        tops.append(top)
        shifts.append((box.left - pad, box.top - top - pad))
        top += box.height + 2 * pad
    return Strips(page, tuple(tops), tuple(shifts))


def missed_print(ink: Pixels, lines: Sequence[Line], dpi: float) -> tuple[Pixels, tuple[Box, ...]]:
    """Return the page, H×W uint8, without what was read, and where it still bears print (px)."""
    dark = _unread(ink, lines, dpi)
    boxes = _print_like(dark, dpi / _POINTS_PER_INCH)
    kept = tuple(boxes) if len(boxes) <= _MAX_STRIPS else ()
    return np.where(dark, ink, np.uint8(255)), kept


def _unread(ink: Pixels, lines: Sequence[Line], dpi: float) -> NDArray[np.bool_]:
    """Return where there is ink that belongs to no word."""
    dark = ink < _DARK
    margin = round(_MARGIN_PT * dpi / _POINTS_PER_INCH)
    for box in (word.box for line in lines for word in line.words):
        dark[_place(box, margin)] = False
    return np.asarray(dark)


def _print_like(dark: NDArray[np.bool_], pt: float) -> list[Box]:
    """Return the boxes of runs of ink that have the height, width and density of print."""
    ink = dark.astype(np.uint8)
    bridge = np.ones((1, max(1, round(_LETTERS_APART_PT * pt))), np.uint8)
    bridged = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, bridge)
    _, _, stats, _ = cv2.connectedComponentsWithStats(bridged, connectivity=8)
    found = []
    for left, top, width, height, _ in stats[1:].tolist():
        slender = width >= _MIN_SLENDER * height and width >= _MIN_WIDTH_PT * pt
        if not slender or not _MIN_HEIGHT_PT * pt <= height <= _MAX_HEIGHT_PT * pt:
            continue
        box = Box(left, top, left + width, top + height)
        if _INK_SHARE[0] <= float(ink[_place(box, 0)].mean()) <= _INK_SHARE[1]:
            found.append(box)
    return found


def _place(box: Box, margin: int) -> tuple[slice, slice]:
    return (
        slice(max(0, box.top - margin), max(0, box.bottom + margin)),
        slice(max(0, box.left - margin), max(0, box.right + margin)),
    )


def _shifted(box: Box, right: int, down: int) -> Box:
    return Box(
        max(0, box.left + right),
        max(0, box.top + down),
        max(1, box.right + right),
        max(1, box.bottom + down),
    )


def is_sure(line: Line) -> bool:
    """Return whether a line that was found in a second look is print, not a seal's remains."""
    letters = sum(letter.isalnum() for letter in line.text)
    confidence = sum(word.confidence for word in line.words) / len(line.words)
    return letters >= _MIN_LETTERS and confidence >= _MIN_CONFIDENCE
