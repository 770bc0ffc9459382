"""What was seen and what was read of a page in, its layout out.

The kind of a page is told by evidence that is hard to mistake; what fits none is "unknown".
"""

from __future__ import annotations

import re
from itertools import pairwise

from pipeline import imaging, recognition
from pipeline.box import Box
from pipeline.layout import Layout, PageKind, Table
from pipeline.model import Code, Line, Word
from pipeline.page_reading import Reading
from pipeline.vietnam.letters import fold

_SEPARATOR_CODE = re.compile(r"^PATCH[ -]?T\b|^SOHOA-SEPARATOR\b")
_SEPARATOR_WORDS, _COVER_WORDS, _CARD_WORDS = 15, 90, 120  # at most
_TEXT_WORDS, _FEW_WORDS = 15, 60  # of print there are more; of a picture at most
_LEADER_LINES = 4  # with as many, people fill it in; a stamp of arrival has three
_EMPTY_CELLS, _FEWEST_CELLS = 0.6, 6  # share of a form's cells without a word; of at least
_COVER = ("bia ho so", "muc luc ho so", "ho so so", "ma ho so")
_CARD = ("can cuoc", "citizen identity", "identity card", "chung minh nhan dan")
_CARD_MM = 100.0  # width of its print; the card is 86 mm wide
_TONES = 0.3  # share of a page in continuous tone: a photograph fills it
_DRAWN = 0.6  # share of the ink that hangs together over more than a word
_MM_PER_INCH = 25.4


def page_layout(reading: Reading, codes: tuple[Code, ...]) -> Layout:
    """Return the layout of a page as it was read, and of the codes on it."""
    if reading.ink is None:
        return Layout("blank")
    straight, lines, marks = reading.straight, reading.lines, reading.marks
    tables = imaging.find_tables(reading.ink, straight.dpi)
    return Layout(
        kind=_kind(reading, codes, tables),
        margins_mm=imaging.measure_margins(straight),
        two_columns=recognition.two_columns(lines, straight.width_px, straight.height_px),
        tables=tables,
        marks=marks,
        handwriting=imaging.find_handwriting(straight, marks, _words(lines)),
    )


def _kind(reading: Reading, codes: tuple[Code, ...], tables: tuple[Table, ...]) -> PageKind:
    straight, lines = reading.straight, reading.lines
    words = _words(lines)
    text = re.sub(r"\s+", " ", fold("\n".join(line.text for line in lines)))
    if len(words) <= _SEPARATOR_WORDS and any(_SEPARATOR_CODE.match(code.text) for code in codes):
        return "separator"
    if len(words) <= _COVER_WORDS and any(phrase in text for phrase in _COVER):
        return "cover"
    if (
        len(words) <= _CARD_WORDS
        and any(phrase in text for phrase in _CARD)
        and _print_width_mm(words, straight.dpi) <= _CARD_MM
    ):
        return "id-card"
    if imaging.count_leaders(straight) >= _LEADER_LINES or _to_fill_in(tables, words):
        return "form"
    picture = imaging.measure_picture(straight) if len(words) <= _FEW_WORDS else None
    if picture is not None and picture.tones >= _TONES:
        return "photo"
    if picture is not None and picture.drawn >= _DRAWN and not tables:
        return "drawing"
    return "text" if len(words) >= _TEXT_WORDS else "unknown"


def _words(lines: tuple[Line, ...]) -> list[Word]:
    return [word for line in lines for word in line.words]


def _print_width_mm(words: list[Word], dpi: float) -> float:
    left = min((word.box.left for word in words), default=0)
    right = max((word.box.right for word in words), default=0)
    return (right - left) / dpi * _MM_PER_INCH


def _to_fill_in(tables: tuple[Table, ...], words: list[Word]) -> bool:
    """Tell whether most cells of a page's tables are empty."""
    cells = [
        Box(left, top, right, bottom)
        for table in tables
        for left, right in pairwise(table.columns)
        for top, bottom in pairwise(table.rows)
    ]
    middles = [
        ((word.box.left + word.box.right) / 2, (word.box.top + word.box.bottom) / 2)
        for word in words
    ]
    empty = sum(
        not any(cell.left <= x < cell.right and cell.top <= y < cell.bottom for x, y in middles)
        for cell in cells
    )
    return len(cells) >= _FEWEST_CELLS and empty >= _EMPTY_CELLS * len(cells)
