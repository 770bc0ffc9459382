"""A PDF page in, the text it was born with out, in pixels of the drawn page.

Words that nobody sees (the recognised text that a scanner put under its picture) are told
apart: they are somebody else's recognition, not the truth about the page.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.errors import UnreadableScan
from pipeline.imaging.drawing import SCAN_SHARE
from pipeline.imaging.font_texts import FontNames
from pipeline.imaging.pdf_page import PdfPage, address, look, open_page, open_pdf
from pipeline.model import Box, Word

ENGINE = "text-layer"
_FINER = 16  # pdfium answers in whole px: ask on a grid so much finer
_MAX_CHARACTERS = 200_000  # of one page


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What text a PDF page has, signature stamps and other annotations excepted."""

    has_visible_text: bool
    has_invisible_text: bool  # a scanner's recognised text
    image_share: float  # 0–1, of the page covered by images

    @property
    def born_digital(self) -> bool:
        return self.has_visible_text and self.image_share < SCAN_SHARE


@dataclass(frozen=True, slots=True)
class _Letter:
    text: str
    corners_pt: tuple[float, ...] | None = None  # left, right, bottom, top
    owner: int = 0  # address of the text object that it belongs to
    font: str = ""


_SPACE = _Letter(" ")


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The text that a page was born with, and where the page itself is."""

    pdf: Path
    index: int  # of the page in that PDF, from 0
    words: tuple[Word, ...]  # in the order of the file
    fonts: tuple[str, ...] = ()  # of each word, by the name in the file
    decomposed: bool = False  # some letters and their marks are apart


def text_page_facts(path: Path, page_index: int) -> TextFacts:
    """Return what text page `page_index` (from 0) has. Raises UnreadableScan."""
    with open_pdf(path, path.name) as document, open_page(document, page_index, path.name) as page:
        return facts_of(look(page))


def facts_of(content: PdfPage) -> TextFacts:
    """Return the same facts of a page that was looked at already."""
    return TextFacts(
        has_visible_text=content.visible_texts > 0,
        has_invisible_text=bool(content.hidden_text),
        image_share=content.image_share,
    )


def read_text_layer(path: Path, page_index: int, width_px: int, height_px: int) -> tuple[Word, ...]:
    """Return the visible words of page `page_index` (from 0) in the order of the file.

    Boxes are px of the page drawn `width_px` × `height_px`. Raises UnreadableScan.
    """
    with open_pdf(path, path.name) as document, open_page(document, page_index, path.name) as page:
        layer = layer_of(path, page_index, page, look(page), path.name, (width_px, height_px))
        return layer.words


def layer_of(
    path: Path, index: int, page: Any, content: PdfPage, name: str, size_px: tuple[int, int]
) -> TextLayer:
    """Return the same words of a loaded page that was looked at already, and their fonts."""
    try:
        text = page.get_textpage()
    except pypdfium2.PdfiumError as error:
        raise UnreadableScan(name, f"the text of a page: {error}") from error
    try:
        letters = [letter for letter in _letters(text) if letter.owner not in content.hidden_text]
    finally:
        text.close()
    frame = _Frame(page, *size_px)
    groups = [(group, _word(group, frame)) for group in _groups(letters)]
    written = [(group, word) for group, word in groups if word is not None]
    return TextLayer(
        path,
        index,
        words=tuple(word for _, word in written),
        fonts=tuple(group[0].font for group, _ in written),
        decomposed=any("".join(one.text for one in group) != word.text for group, word in written),
    )


def _letters(text: Any) -> Iterator[_Letter]:
    corners = [ctypes.c_double() for _ in range(4)]
    names = FontNames()
    count = min(pdfium.FPDFText_CountChars(text.raw), _MAX_CHARACTERS)
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(text.raw, index)
        letter = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
        if not letter or letter.isspace():
            yield _SPACE
            continue
        owner = pdfium.FPDFText_GetTextObject(text.raw, index)
        found = pdfium.FPDFText_GetCharBox(text.raw, index, *corners)
        box = tuple(corner.value for corner in corners) if found else None
        yield _Letter(letter, box, address(owner) if owner else 0, names.of(owner))


def _groups(letters: list[_Letter]) -> Iterator[list[_Letter]]:
    """Yield the letters of each word: what stands between white space."""
    group: list[_Letter] = []
    for letter in [*letters, _SPACE]:
        if letter.text != " ":
            group.append(letter)
        elif group:
            yield group
            group = []


class _Frame:
    """Maps points of a PDF page to px of its drawing: /Rotate and crop box are pdfium's work."""

    def __init__(self, page: Any, width_px: int, height_px: int) -> None:
        self._page = page
        self._size = width_px, height_px

    def px(self, x_pt: float, y_pt: float) -> tuple[float, float]:
        x, y = ctypes.c_int(), ctypes.c_int()
        width, height = (side * _FINER for side in self._size)
        pdfium.FPDF_PageToDevice(self._page.raw, 0, 0, width, height, 0, x_pt, y_pt, x, y)
        return x.value / _FINER, y.value / _FINER

    def box(self, points: list[tuple[float, float]]) -> Box | None:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        width, height = self._size
        left, right = max(0, math.floor(min(xs))), min(width, math.ceil(max(xs)))
        top, bottom = max(0, math.floor(min(ys))), min(height, math.ceil(max(ys)))
        return Box(left, top, right, bottom) if left < right and top < bottom else None


def _word(group: list[_Letter], frame: _Frame) -> Word | None:
    text = unicodedata.normalize("NFC", "".join(letter.text for letter in group))
    points = [
        frame.px(x, y)
        for letter in group
        if letter.corners_pt is not None
        for x in letter.corners_pt[:2]
        for y in letter.corners_pt[2:]
    ]
    box = frame.box(points) if points else None
    return Word(text, box, 1.0, ENGINE) if box is not None else None
