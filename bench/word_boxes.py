"""ALTO files, drawn pages and readings in; words with boxes in points and how they agree, out.

The truth of vn_synth has the box of each printed piece of a line. Its words are the ink between
the widest gaps of that box, as many as the truth has words; a piece where that is not plain is
left out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
from defusedxml import ElementTree
from PIL import Image

from bench.reading import BoxPt, Reading, Seen, union
from pipeline.pdfa.characters import writable

_INK = 128  # darker is ink; the clean pages are black on white
_PLAIN_GAP = 1.25  # the narrowest gap between words ÷ the widest within them


@dataclass(frozen=True)
class Agreement:
    """How a reading agrees with the words that were recognised on a page."""

    words: int
    in_order: int  # words of the longest common sequences
    both: int  # of both multisets, whatever the order
    found: int  # words of the reader
    equal: bool
    sides_pt: tuple[float, ...]  # of each box: how far left or right edge is off, the worse one
    edges_pt: tuple[float, ...]  # the same, top and bottom included


def recognised(alto: Path, width_pt: float) -> list[Seen]:
    """Return the words that the text layer was made from, in reading order."""
    page = next(one for one in ElementTree.parse(alto).iter() if one.tag.endswith("}Page"))
    scale = width_pt / float(page.get("WIDTH"))
    words = []
    for one in page.iter():
        if one.tag.endswith("}String") and (text := writable(one.get("CONTENT"))):
            x, y, width, height = (
                float(one.get(name)) * scale for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT")
            )
            words += [Seen(part, (x, y, x + width, y + height)) for part in text.split()]
    return words


def printed(truth: Path, image: Path, dpi: float) -> list[Seen]:
    """Return the words of a clean drawn page."""
    with Image.open(image) as opened:
        ink = np.asarray(opened.convert("L")) < _INK
    words: list[Seen] = []
    for piece in json.loads(truth.read_text(encoding="utf-8"))["segs"]:
        words += _words_of(piece["text"].split(), ink, piece["bbox"], 72 / dpi)
    return words


def _words_of(
    texts: list[str], ink: np.ndarray, box: Sequence[int], pt_per_px: float
) -> Iterator[Seen]:
    left, top, right, bottom = box
    inside = ink[top:bottom, left:right]
    columns = np.flatnonzero(inside.any(axis=0))
    if not len(columns):
        return
    gaps = np.diff(columns)
    order = np.argsort(gaps)[::-1]
    cuts = sorted(order[: len(texts) - 1])
    if len(texts) > 1 and (len(gaps) < len(texts) or not _is_plain(gaps[order], len(texts))):
        return
    edges = [-1, *cuts, len(columns) - 1]
    for text, before, last in zip(texts, edges, edges[1:], strict=False):
        x0, x1 = columns[before + 1], columns[last] + 1
        rows = np.flatnonzero(inside[:, x0:x1].any(axis=1))
        pixels = (left + x0, top + rows[0], left + x1, top + rows[-1] + 1)
        x0_pt, y0_pt, x1_pt, y1_pt = (float(value) * pt_per_px for value in pixels)
        yield Seen(text, (x0_pt, y0_pt, x1_pt, y1_pt))


def _is_plain(gaps: np.ndarray, words: int) -> bool:
    return bool(gaps[words - 2] >= _PLAIN_GAP * gaps[words - 1])


def agreement(wanted: Sequence[Seen], reading: Reading) -> Agreement:
    """Compare a reading with the words that were recognised, text and places."""
    texts = [one.text for one in wanted]
    return Agreement(
        words=len(texts),
        in_order=sum(size for _, _, size in _matches(texts, reading.words)),
        both=(Counter(texts) & Counter(reading.words)).total(),
        found=len(reading.words),
        equal=tuple(texts) == reading.words,
        sides_pt=tuple(max(_off(a, b)[::2]) for a, b in _pairs(wanted, reading.seen)),
        edges_pt=tuple(max(_off(a, b)) for a, b in _pairs(wanted, reading.seen)),
    )


def overlaps(truth: Sequence[Seen], found: Sequence[Seen]) -> list[float]:
    """Return how much the boxes overlap of words that are found, intersection ÷ union."""
    return [_iou(a, b) for a, b in _pairs(truth, found)]


def _pairs(wanted: Sequence[Seen], found: Sequence[Seen]) -> Iterator[tuple[BoxPt, BoxPt]]:
    """Match words and runs of words: by text, and of equal texts those that are nearest."""
    places: dict[str, list[tuple[int, BoxPt]]] = {}
    for index, one in enumerate(wanted):
        places.setdefault(one.text, []).append((index, one.box))
    for run in found:
        texts = run.text.split()
        ends = len(texts) - 1
        near = [
            union([box, *(wanted[index + n].box for n in range(1, ends + 1))])
            for index, box in places.get(texts[0], ())
            if [one.text for one in wanted[index : index + ends + 1]] == texts
        ]
        if near:
            yield min(near, key=lambda box: sum(_off(box, run.box))), run.box


def _off(one: BoxPt, other: BoxPt) -> list[float]:
    return [abs(a - b) for a, b in zip(one, other, strict=True)]


def _iou(one: BoxPt, other: BoxPt) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return width * height / (areas - width * height)


def _matches(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    yield from SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
