"""A line image with figures in, the figures out, hand-written ones too, or nothing.

A small network (weights/README.md) reads digits, slash, dot and dash, and `?` for whatever else
stands there, so that it need not be told where figures begin and end. A line is read in several
views, each a little moved or slanted: a reading that does not hold in most of them is refused. A
wrong figure given silently is worse than none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.model import Pixels
from pipeline.recognition import models

FIGURES = re.compile(r"([0-9]+)")
BEFORE_SLASH = re.compile(r"\??([0-9]{1,5})/.*")  # Số: 123/QĐ-UBND
DAY_AND_MONTH = re.compile(r"\?([0-9]{1,2})\?([0-9]{1,2})\?.*")  # ngày 05 tháng 01 năm
NUMERIC_DATE = re.compile(r"([0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4})")

_TOKENS = "0123456789/.-?"  # class 0 of the network is the blank of CTC
_HEIGHT_PX = 40  # of the network's lines
_WIDEST, _NARROWEST = 24, 0.1  # times its height: more is no line of figures, less a stroke
_EDGE_PX = 4  # white left and right of a line
# Each view: share of the height cut off above and below (below 0: white added), shift down as a
# share of the height, slant, stretch across.
_VIEWS = (
    (0.0, 0.0, 0.0, 1.0),
    (-0.04, 0.0, 0.0, 1.0),
    (0.03, 0.0, 0.0, 1.03),
    (0.0, 0.02, 0.05, 0.97),
    (0.0, -0.02, -0.05, 1.0),
    (-0.08, 0.0, 0.0, 1.05),
    (-0.04, 0.0, 0.05, 1.08),
)
# Views that agree less those that read other figures -> confidence. Of the labelled scans in the
# first half (bench/digits.py) none of 64 possible readings with 4 or more was wrong.
_SURE = {2: 0.7, 3: 0.8, 4: 0.92, 5: 0.94, 6: 0.95, 7: 0.96}
_WEAK, _WEAKER = 0.45, 0.8  # mean probability below which agreement is worth so much of it
_LEAST = 0.7  # confidence below which a reading is refused

Scores = NDArray[np.float32]  # T×C, log probabilities of each place across the line


@dataclass(frozen=True, slots=True)
class DigitReading:
    """Figures as read; empty when they were refused."""

    text: str
    confidence: float  # 0–1; 0 when refused

    @property
    def refused(self) -> bool:
        return not self.text


REFUSED = DigitReading("", 0.0)


@dataclass(frozen=True, slots=True)
class _Decoded:
    """The surest reading of one view, and the places where each of its tokens stands."""

    text: str
    spans: tuple[tuple[int, int], ...]


def read_digits(
    crop: Pixels, form: re.Pattern[str] = FIGURES, *, least: float = _LEAST
) -> DigitReading:
    """Return the figures of a line image (H×W uint8, dark ink on white), the form's first group.

    The line's print should fill 30 to 50 % of the height. `least` is the confidence, 0–1, below
    which the reading is refused.
    """
    return read_groups(crop, form, least=least)[0]


def read_groups(
    crop: Pixels, form: re.Pattern[str], *, least: float = _LEAST
) -> tuple[DigitReading, ...]:
    """Return each group of the form: what stands in that place of the line, or a refusal."""
    lines = _views(crop)
    if not lines:
        return (REFUSED,) * form.groups
    scores = _scores(lines)
    decoded = [_decode(one) for one in scores]
    matches = [form.fullmatch(one.text) for one in decoded]
    found = []
    for group in range(1, form.groups + 1):
        votes: dict[str, list[float]] = {}
        for one, match, view in zip(decoded, matches, scores, strict=True):
            if match is not None and match[group]:
                sure = _probability(view, one, match.span(group))
                votes.setdefault(match[group], []).append(sure)
        found.append(_elected(votes, least))
    return tuple(found)


def read_line(crop: Pixels) -> str:
    """Return all that the first view reads, `?` for what is no figure."""
    lines = _views(crop)
    return _decode(_scores(lines)[0]).text if lines else ""


def _elected(votes: dict[str, list[float]], least: float) -> DigitReading:
    """Return the figures that most views read; votes are their probabilities, view by view."""
    if not votes:
        return REFUSED
    text = max(sorted(votes), key=lambda one: sum(votes[one]))
    agree = len(votes[text])
    margin = 2 * agree - sum(map(len, votes.values()))
    confidence = _SURE.get(margin, 0.0) * (1.0 if sum(votes[text]) >= _WEAK * agree else _WEAKER)
    return DigitReading(text, confidence) if confidence and confidence >= least else REFUSED


def _scores(lines: list[NDArray[np.float32]]) -> list[Scores]:
    """Return the network's scores of each line, without those of the white that fills up."""
    widest = max(line.shape[1] for line in lines)
    batch = np.zeros((len(lines), 1, _HEIGHT_PX, widest), np.float32)
    for place, line in enumerate(lines):
        batch[place, 0, :, : line.shape[1]] = line
    (scores,) = models.run("digits", {"line": batch})
    return [one[: (line.shape[1] + 1) // 2] for one, line in zip(scores, lines, strict=True)]


def _views(crop: Pixels) -> list[NDArray[np.float32]]:
    """Return the views of a line, 0 paper to 1 ink; none of what is no line."""
    if crop.ndim != 2 or min(crop.shape) < 2 or crop.dtype != np.uint8:
        return []
    height, width = crop.shape
    if not _NARROWEST * height <= width <= _WIDEST * height:
        return []
    scale = 2 * _HEIGHT_PX / height
    size = max(4, round(width * scale)), 2 * _HEIGHT_PX
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    ink = 1 - cv2.resize(crop, size, interpolation=way).astype(np.float32) / 255
    return [_view(ink, *view) for view in _VIEWS]


def _view(
    ink: NDArray[np.float32], cut: float, down: float, slant: float, stretch: float
) -> NDArray[np.float32]:
    height, width = ink.shape
    grow = 0.5 / (1 - 2 * cut)  # the line is drawn at twice the view's height
    wide = max(2, round(width * grow * stretch)) + 2 * _EDGE_PX
    middle = grow * height / 2
    move = np.array(
        [
            [grow * stretch, -slant * grow, _EDGE_PX + slant * middle],
            [0, grow, _HEIGHT_PX * (0.5 + down) - middle],
        ],
        np.float32,
    )
    small = cv2.GaussianBlur(ink, (3, 3), 0)
    return np.asarray(cv2.warpAffine(small, move, (wide, _HEIGHT_PX)), np.float32)


def _decode(scores: Scores) -> _Decoded:
    """Return the surest token of each place, repeats and blanks left out, `??` as one `?`."""
    best = scores.argmax(1)
    text, spans = "", list[tuple[int, int]]()
    before = 0
    for place, token in enumerate(best):
        if token and token == before:
            spans[-1] = spans[-1][0], place + 1
        elif token:
            letter = _TOKENS[token - 1]
            if letter == "?" and text.endswith("?"):
                spans[-1] = spans[-1][0], place + 1
            else:
                text += letter
                spans.append((place, place + 1))
        before = int(token)
    return _Decoded(text, tuple(spans))


def _probability(scores: Scores, decoded: _Decoded, span: tuple[int, int]) -> float:
    """Return how probable it is that just these tokens stand between their neighbours.

    The forward sum of CTC (Graves et al. 2006) over the places between the neighbours.
    """
    first, last = span
    start = decoded.spans[first - 1][1] if first else 0
    end = decoded.spans[last][0] if last < len(decoded.spans) else len(scores)
    part = scores[start:end].astype(np.float64)
    labels = [0]
    for letter in decoded.text[first:last]:
        labels += [_TOKENS.index(letter) + 1, 0]
    here = np.full(len(labels), -np.inf)
    here[:2] = part[0, labels[:2]]
    skips = np.array([place >= 2 and label != 0 and label != labels[place - 2]
                      for place, label in enumerate(labels)])  # fmt: skip
    for row in part[1:]:
        one = np.concatenate([[-np.inf], here[:-1]])
        two = np.where(skips, np.concatenate([[-np.inf, -np.inf], here[:-2]]), -np.inf)
        here = np.logaddexp(np.logaddexp(here, one), two) + row[labels]
    return float(np.exp(np.logaddexp(here[-1], here[-2])))
