"""A PDF in, all text of each of its fonts out."""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.errors import UnreadableScan
from pipeline.imaging.pdf_page import address, open_page, open_pdf

_MAX_CHARACTERS = 200_000  # of one page
_MAX_NAME_BYTES = 256
_ENOUGH = 100_000  # characters of one font, which tell what it shows


def texts_by_font(path: Path, name: str, pages: int) -> dict[str, str]:
    """Return the text shown with each font, by the font's name, subset tag included.

    Runs of letters are apart from each other by a space. 20 ms a page. Raises UnreadableScan.
    """
    found: dict[str, list[str]] = defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    with open_pdf(path, name) as document:
        for index in range(min(pages, len(document))):
            with open_page(document, index, name) as page:
                for font, run in _runs(page, name):
                    if counts[font] < _ENOUGH:
                        found[font].append(run)
                        counts[font] += len(run)
    return {font: " ".join(runs) for font, runs in found.items()}


class FontNames:
    """Names of the fonts of text objects, each asked for once."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}

    def of(self, owner: Any) -> str:
        """Return the name for a text object as pdfium hands it out; none: it has no font."""
        if not owner:
            return ""
        key = address(owner)
        if key not in self._names:
            self._names[key] = _font_name(owner)
        return self._names[key]


def _font_name(owner: Any) -> str:
    font = pdfium.FPDFTextObj_GetFont(owner)
    buffer = ctypes.create_string_buffer(_MAX_NAME_BYTES)
    if not font or not pdfium.FPDFFont_GetBaseFontName(font, buffer, _MAX_NAME_BYTES):
        return ""
    return buffer.value.decode("utf-8", "replace")


def _runs(page: Any, name: str) -> Iterator[tuple[str, str]]:
    """Yield font and letters of each run between white space or another font."""
    try:
        text = page.get_textpage()
    except pypdfium2.PdfiumError as error:
        raise UnreadableScan(name, f"the text of a page: {error}") from error
    try:
        names, run, last = FontNames(), "", ""
        for index in range(min(pdfium.FPDFText_CountChars(text.raw), _MAX_CHARACTERS)):
            code = pdfium.FPDFText_GetUnicode(text.raw, index)
            letter = chr(code) if 0 < code < 0xD800 or 0xE000 <= code < 0x110000 else ""
            font = names.of(pdfium.FPDFText_GetTextObject(text.raw, index))
            if run and (not letter or letter.isspace() or font != last):
                yield last, run
                run = ""
            if letter and not letter.isspace():
                run, last = run + letter, font
        if run:
            yield last, run
    finally:
        text.close()
