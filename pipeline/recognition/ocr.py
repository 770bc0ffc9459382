"""Read a page with the Tesseract program: ink copy in, lines of words with boxes out."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from defusedxml import ElementTree

from pipeline.errors import ToolCrashed, ToolMissing
from pipeline.model import Box, Line, Pixels, Word
from pipeline.recognition import tesseract
from pipeline.recognition.doubles import without_doubles
from pipeline.recognition.missed import missed_strips
from pipeline.recognition.specks import clean_word, is_noise
from pipeline.vietnam.letters import VIETNAMESE_LETTERS

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ENGINE = "tesseract"
_ONE_BLOCK = 6  # Tesseract's page mode for lines below each other, without layout
_BOX = re.compile(r"\bbbox (-?\d+) (-?\d+) (-?\d+) (-?\d+)")
_BASELINE = re.compile(r"\bbaseline (-?[\d.]+) (-?[\d.]+)")
_CONFIDENCE = re.compile(r"\bx_wconf (\d+)")
_LINE_CLASSES = frozenset({"ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat"})
_XML_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def available_language() -> str:
    """Return the best installed Vietnamese model; raises ToolMissing when there is none."""
    installed = tesseract.installed_models()
    for name in tesseract.MODELS:
        if name in installed:
            return name
    raise ToolMissing("tesseract model vie", "install tesseract-ocr-script-viet")


def language(wanted: str = "auto") -> str:
    """Return the model to read with: the one `wanted`, or the best installed for `auto`.

    Raises ToolMissing, naming the package, when it is not installed.
    """
    return available_language() if wanted == "auto" else tesseract.require_model(wanted)


def engine_version() -> str:
    """Return Tesseract's version, `5.3.0`; raises ToolMissing without Tesseract."""
    return tesseract.engine_version()


def check_alphabet(wanted: str = "auto") -> str:
    """Check at start that the model and the orientation model are there; return the model.

    Both Vietnamese models hold all letters but Ỵ and ỵ (their character sets were read), which
    models of other languages do not, so any other name is refused. Raises ToolMissing, naming the
    package.
    """
    name = language(wanted)
    if not set(re.split(r"\+", name)) & set(tesseract.MODELS):
        letters = len(VIETNAMESE_LETTERS)
        raise ToolMissing(f"tesseract model {name}", f"it lacks some of {letters} letters; use vie")
    tesseract.require_model("osd")
    return name


def read_page(
    ink: Pixels, dpi: float, *, language: str, psm: int = 3, timeout_s: float = 120.0
) -> tuple[Line, ...]:
    """Read a page, H×W uint8, in the engine's own order; `block` is the engine's paragraph.

    Print that the engine's layout left out is read a second time by itself. Boxes lie inside the
    page. Raises ToolMissing, ToolTimeout (each reading has `timeout_s`) or ToolCrashed.
    """
    lines = without_doubles(_read(ink, dpi, language, psm, timeout_s))
    strips = missed_strips(ink, lines, dpi)
    if strips is None:
        return lines
    found = strips.in_place(_read(strips.page, dpi, language, _ONE_BLOCK, timeout_s))
    return (*lines, *(_in_block_above(line, lines) for line in found))


def _read(ink: Pixels, dpi: float, model: str, psm: int, timeout_s: float) -> tuple[Line, ...]:
    hocr = tesseract.hocr(ink, dpi, model=model, psm=psm, timeout_s=timeout_s)
    height, width = ink.shape
    return lines_of_hocr(hocr, int(width), int(height))


def _in_block_above(line: Line, lines: tuple[Line, ...]) -> Line:
    """Return the line as one of the paragraph that ends closest above it."""
    above = [other for other in lines if other.box.top <= line.box.top]
    nearest = max(above, key=lambda other: other.box.top, default=None)
    return replace(line, block=nearest.block) if nearest else line


def lines_of_hocr(hocr: bytes, width_px: int, height_px: int) -> tuple[Line, ...]:
    """Return the lines of an hOCR page; words without text and specks of noise are left out.

    Raises ToolCrashed when it is no XML.
    """
    try:
        root = ElementTree.fromstring(_XML_CONTROLS.sub(b"", hocr))
    except (ElementTree.ParseError, ValueError) as error:
        raise ToolCrashed("tesseract", f"hOCR unreadable: {error}") from error
    lines: list[Line] = []
    for block, paragraph in enumerate(_of_class(root, {"ocr_par"})):
        for element in _of_class(paragraph, _LINE_CLASSES):
            line = _line(element, width_px, height_px, block)
            if line is not None:
                lines.append(line)
    return tuple(lines)


def _of_class(root: Element, classes: set[str] | frozenset[str]) -> list[Element]:
    return [element for element in root.iter() if element.get("class") in classes]


def _line(element: Element, width_px: int, height_px: int, block: int) -> Line | None:
    words = [
        word
        for child in _of_class(element, {"ocrx_word"})
        if (word := _word(child, width_px, height_px)) is not None
    ]
    if not words:
        return None
    line = Line(tuple(sorted(words, key=lambda word: word.box.left)), block=block)
    title = element.get("title", "")
    return Line(line.words, _baseline(title, line.box, height_px), block)


def _word(element: Element, width_px: int, height_px: int) -> Word | None:
    text = clean_word("".join(element.itertext()))
    title = element.get("title", "")
    place, certainty = _BOX.search(title), _CONFIDENCE.search(title)
    if not text or place is None:
        return None
    confidence = min(1.0, int(certainty[1]) / 100) if certainty else 0.0
    if is_noise(text, confidence):
        return None
    left, top, right, bottom = (int(figure) for figure in place.groups())
    box = Box(max(0, left), max(0, top), min(width_px, right), min(height_px, bottom))
    if box.width <= 0 or box.height <= 0:
        return None
    return Word(text, box, confidence, ENGINE)


def _baseline(title: str, words_box: Box, height_px: int) -> tuple[float, float] | None:
    """Return y (px) at the edges of the words' box; hOCR gives it from the line's box.

    hOCR 1.2 §baseline: slope and offset, from the bottom left corner of the line's box.
    """
    place, baseline = _BOX.search(title), _BASELINE.search(title)
    if place is None or baseline is None:
        return None
    line_left, _, _, line_bottom = (int(figure) for figure in place.groups())
    slope, offset = float(baseline[1]), float(baseline[2])
    left, right = (
        line_bottom + offset + slope * (x - line_left) for x in (words_box.left, words_box.right)
    )
    if not (0 <= left <= height_px and 0 <= right <= height_px):
        return None
    return (round(left, 2), round(right, 2))
