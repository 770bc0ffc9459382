"""Which way up a page stands: page image in, quarter turns to apply out."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from pipeline.errors import ToolCrashed, ToolTimeout
from pipeline.model import Line, PageImage, Pixels
from pipeline.recognition import tesseract

# Of 36 turns of damaged synthetic pages 3 were judged wrong at 150 dpi as scanned, none at 150 or
# 200 dpi once the background is divided out; at 200 the confidence is a third higher.
_DPI = 200.0
_FEWEST_LETTERS = 40  # fewer say nothing: stamps, drawings, page numbers
_SURE_SHARE = 0.4  # of the letters; upright text has 0.6 and more, any other turn below 0.1
_SURE = 0.8  # word confidence
_LONG = 3  # letters
_BACKGROUND_MM = 5.0  # wider than any stroke, narrower than a shadow


def measure_turns(image: PageImage, *, timeout_s: float = 60.0) -> tuple[int, float]:
    """Return the quarter turns (0–3, anticlockwise) that set the page upright, and a confidence.

    The confidence is Tesseract's own: above about 2 the turn is nearly always right. A page with
    few letters gives (0, 0.0). Raises ToolMissing without Tesseract or its `osd` model.
    """
    gray, dpi = _reduced(image)
    try:
        found = tesseract.osd(gray, dpi, timeout_s=timeout_s)
    except (ToolCrashed, ToolTimeout):
        return 0, 0.0  # Tesseract stops with "Too few characters"; the page stays as it is
    # `rotate` is the clockwise turn that sets the page upright.
    turns = (-int(str(found.get("rotate", 0))) // 90) % 4
    return turns, round(float(str(found.get("orientation_conf", 0.0))), 2)


def reads_well(lines: Sequence[Line]) -> bool:
    """Return whether a page reads so well that it must stand upright.

    Asking Tesseract for the orientation costs as much as reading the page (1.4 CPU-s), so that
    is done for the pages only that do not read well.
    """
    letters = sum(len(word.text) for line in lines for word in line.words)
    return letters >= _FEWEST_LETTERS and sure_letters(lines) >= _SURE_SHARE * letters


def reads_better(turned: Sequence[Line], as_is: Sequence[Line]) -> bool:
    """Return whether the turned page reads so much better that turning it was right."""
    return sure_letters(turned) >= max(_FEWEST_LETTERS, 2 * sure_letters(as_is))


def sure_letters(lines: Sequence[Line]) -> int:
    """Return how many letters stand in words that were read with confidence.

    Short words do not count: upside down, an engine is quite sure of many an "o" and "ll". Nor do
    words that stand on end: Tesseract reads a page well that lies on its left side.
    """
    return sum(
        len(word.text)
        for line in lines
        for word in line.words
        if word.confidence >= _SURE
        and word.box.width > word.box.height
        and sum(char.isalpha() for char in word.text) >= _LONG
    )


def _reduced(image: PageImage) -> tuple[Pixels, float]:
    """Return an evenly lit gray copy of at most 200 dpi and its dpi."""
    gray = cv2.cvtColor(image.pixels, cv2.COLOR_RGB2GRAY)
    dpi = image.dpi
    scale = _DPI / dpi
    if scale < 1:
        size = (max(1, round(image.width_px * scale)), max(1, round(image.height_px * scale)))
        gray, dpi = cv2.resize(gray, size, interpolation=cv2.INTER_AREA), _DPI
    side = int(_BACKGROUND_MM / 25.4 * dpi) | 1  # odd, as the filters demand
    paper = cv2.morphologyEx(
        cv2.GaussianBlur(gray, (5, 5), 0), cv2.MORPH_CLOSE, np.ones((side, side), np.uint8)
    )
    paper = cv2.GaussianBlur(paper, (side, side), 0)
    return np.asarray(cv2.divide(gray, paper, scale=255), np.uint8), dpi
