"""Lines of a page in, the places of the figures that people write into its head out.

Nghị định 30/2020/NĐ-CP, appendix I, sets `Số: …/…` and `…, ngày … tháng … năm …` in 13 or 14
points; number, day and month are left for a pen. The place is a strip of the page around the
label's line, so high that print fills the share of it that the digit reader was trained on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

import numpy as np

from pipeline.layout import HeadFigures
from pipeline.model import Box, Line, Pixels, Word
from pipeline.recognition.digits import (
    BEFORE_SLASH,
    DAY_AND_MONTH,
    REFUSED,
    DigitReading,
    read_groups,
)
from pipeline.vietnam.letters import fold

_HEAD_SHARE = 0.45  # of the page height: no head reaches deeper
_LABEL = re.compile(  # `Số:` as engines read it beside a pen: S§ố: Sê: ố: Sôi] Só3
    r"^\W{0,3}s[o0ôòóốõ]?i?\W{0,2}(?=[:;.,\s\d/]|$)|^\W{0,3}so\d|^\W{0,3}s\S{1,2}[:;]|^\W?[ốôo]\W?:",
    re.IGNORECASE,
)
_DAY, _MONTH, _YEAR = re.compile(r"^\W*n?gay"), re.compile(r"t?hang|than"), re.compile(r"^nam|nam$")
_LEAST = 0.7  # confidence of evidence
_DAYS, _MONTHS = 31, 12
_DATE_LEFT = 0.35  # of the page width: left of it stand dates of the text
_AFTER_YEAR = 4  # words at most, with `năm`: the year, specks
_CAPITAL_PT = 8.9  # of 13 to 14 points
_CAPITAL_RANGE = (0.8, 1.35)  # of it
_MARKED = 1.2  # usual height of a word in heights of a capital, marks and descenders included
_FRAME = 2.6  # heights of a capital: the frame's height
_NUMBER_WIDE, _DATE_WIDE = 13.0, 26.0  # heights of a capital: from the label on
_POINTS_PER_INCH = 72.0


@dataclass(frozen=True, slots=True)
class FigurePlace:
    """Where figures of the head stand."""

    kind: Literal["number", "date"]
    box: Box  # px of the page, from the label on


def read_head_figures(ink: Pixels, lines: Sequence[Line], dpi: float) -> tuple[HeadFigures, ...]:
    """Return number, day and month of a page's head, of its ink copy (H×W uint8)."""
    found: list[HeadFigures] = []
    for place in figure_places(lines, ink.shape[1], ink.shape[0], dpi):
        readings = read_place(ink, place)
        kinds: tuple[Literal["number", "day", "month"], ...] = (
            ("number",) if place.kind == "number" else ("day", "month")
        )
        found += [
            HeadFigures(kind, one.text, one.confidence, place.box)
            for kind, one in zip(kinds, readings, strict=True)
            if not one.refused
        ]
    return tuple(found)


def read_place(
    ink: Pixels, place: FigurePlace, *, least: float = _LEAST
) -> tuple[DigitReading, ...]:
    """Return the number of a place, or day and month of it; each may be refused."""
    crop = crop_of(ink, place.box)
    if place.kind == "number":
        return read_groups(crop, BEFORE_SLASH, least=least)
    readings = read_groups(crop, DAY_AND_MONTH, least=least)
    return tuple(
        one if one.refused or 1 <= int(one.text) <= last else REFUSED
        for one, last in zip(readings, (_DAYS, _MONTHS), strict=True)
    )


def crop_of(ink: Pixels, box: Box) -> Pixels:
    """Return what stands in a box, white where it reaches beyond the page."""
    height, width = ink.shape
    top, bottom = max(0, box.top), min(height, box.bottom)
    left, right = max(0, box.left), min(width, box.right)
    crop = np.full((box.height, box.width), 255, np.uint8)
    if top < bottom and left < right:
        place = slice(top - box.top, bottom - box.top), slice(left - box.left, right - box.left)
        crop[place] = ink[top:bottom, left:right]
    return crop


def figure_places(
    lines: Sequence[Line], width_px: int, height_px: int, dpi: float
) -> tuple[FigurePlace, ...]:
    """Return the place of the number in the head of a page and that of the date beside it."""
    head = [line for line in lines if line.words and line.box.bottom < _HEAD_SHARE * height_px]
    head.sort(key=lambda one: one.box.top)
    numbers = [_number_place(line, head, width_px, dpi) for line in head]
    dates = [_date_place(line, head, width_px, dpi) for line in head]
    number = next((one for one in numbers if one is not None), None)
    dated = [one for one in dates if one is not None]
    if number is not None:  # dates of a stamp stand above, those of the text below
        level = number.box.bottom
        dated.sort(key=lambda one: abs(one.box.bottom - level))
    return tuple(one for one in (number, *dated[:1]) if one is not None)


def _number_place(
    line: Line, head: Sequence[Line], width_px: int, dpi: float
) -> FigurePlace | None:
    """Return the strip from `Số:` on, if the line or what stands beside it bears a slash."""
    label = line.words[0]
    if not _LABEL.match(line.text) or label.box.left > 0.4 * width_px:
        return None
    row = _row(line, head)
    slashed = any("/" in word.text for word in row)
    capitals = any(sum(letter.isupper() for letter in word.text) >= 2 for word in row)
    if not slashed and not capitals:
        return None
    return FigurePlace("number", _strip(line, row, label.box.left, _NUMBER_WIDE, dpi))


def _date_place(line: Line, head: Sequence[Line], width_px: int, dpi: float) -> FigurePlace | None:
    """Return the strip from `ngày` to behind `năm`; `tháng` stands between or right of it."""
    row = sorted(_row(line, head), key=lambda one: one.box.left)
    folded = [fold(word.text) for word in row]
    days = [place for place, text in enumerate(folded) if _DAY.search(text)]
    if not days or row[days[0]] not in line.words:
        return None
    day = days[0]
    months = [place for place in range(day, len(row)) if _MONTH.search(folded[place])]
    if not months or months[0] - day > 4:
        return None
    years = [place for place in range(months[0], len(row)) if _YEAR.search(folded[place])]
    if not years or years[0] - months[0] > 4 or len(row) - years[0] > _AFTER_YEAR:
        return None
    if row[day].box.left < _DATE_LEFT * width_px:
        return None
    strip = _strip(line, row, row[day].box.left, _DATE_WIDE, dpi)
    return FigurePlace("date", Box(strip.left, strip.top, row[years[0]].box.right, strip.bottom))


def _row(line: Line, head: Sequence[Line]) -> list[Word]:
    """Return the words of a line and of what stands right of it at the same height."""
    box = line.box
    words = list(line.words)
    for other in head:
        shared = min(box.bottom, other.box.bottom) - max(box.top, other.box.top)
        beside = other.box.left >= box.right - box.height
        if other is not line and beside and shared >= 0.4 * min(box.height, other.box.height):
            words += other.words
    return words


def _strip(line: Line, row: Sequence[Word], left: int, wide: float, dpi: float) -> Box:
    usual = _CAPITAL_PT * dpi / _POINTS_PER_INCH
    printed = [word.box for word in row if sum(letter.isalpha() for letter in word.text) >= 2]
    boxes = printed or [word.box for word in row]
    least, most = (share * usual for share in _CAPITAL_RANGE)
    capital = min(most, max(least, median(box.height for box in boxes) / _MARKED))
    base = sum(line.baseline) / 2 if line.baseline else median(box.bottom for box in boxes)
    top = round(base - capital / 2 - _FRAME * capital / 2)
    start = left - round(0.3 * capital)
    return Box(start, top, start + round(wide * capital), top + round(_FRAME * capital))
