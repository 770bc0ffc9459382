"""Lines made of words with boxes, and small pages drawn in a font with Vietnamese."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline.model import Box, Line, PageImage, Word
from pipeline.recognition import models
from pipeline.recognition.nets import Sight

FONTS = (
    Path("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"),
    Path("/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf"),
)
LETTER_PX = 10  # width of a letter of the made-up font, 20 px high
HEIGHT_PX = 20

MakeLine = Callable[..., Line]
DrawPage = Callable[..., PageImage]


@pytest.fixture(scope="session")
def line() -> MakeLine:
    """Return a maker of lines: text, left, top; a double space is a gap of three letters."""
    return _line


def _line(text: str, left: int, top: int, *, block: int = 0, confidence: float = 0.9) -> Line:
    words: list[Word] = []
    x = left
    for part in text.split(" "):
        if not part:
            x += 2 * LETTER_PX
            continue
        right = x + LETTER_PX * len(part)
        words.append(Word(part, Box(x, top, right, top + HEIGHT_PX), confidence, "made"))
        x = right + LETTER_PX // 2
    foot = float(top + HEIGHT_PX - 4)
    return Line(tuple(words), (foot, foot), block)


@pytest.fixture(scope="session")
def draw() -> DrawPage:
    """Return a drawer of pages: (text, x, y) in px at that dpi, on white."""
    return _draw


def _draw(
    texts: Sequence[tuple[str, int, int]],
    *,
    dpi: float = 150.0,
    size_mm: tuple[int, int] = (160, 60),
) -> PageImage:
    font_file = next((font for font in FONTS if font.exists()), None)
    if font_file is None:
        pytest.fail("no font with Vietnamese: install fonts-dejavu-core or fonts-liberation2")
    width, height = (round(side / 25.4 * dpi) for side in size_mm)
    page = Image.new("RGB", (width, height), "white")
    font = ImageFont.truetype(str(font_file), round(dpi * 13 / 72))  # 13 pt, as letters are set
    pen = ImageDraw.Draw(page)
    for text, x, y in texts:
        pen.text((x, y), text, font=font, fill="black")
    return PageImage(np.asarray(page, np.uint8).copy(), dpi)


@pytest.fixture(scope="session")
def sight() -> Callable[..., Sight]:
    """Return a maker of sights: text, and doubts (another sign and its probability) by number."""
    return _sight


def _sight(text: str, doubt: dict[int, tuple[str, float]] | None = None) -> Sight:
    """Return a made sight: each sign for one place, a blank after it; doubts by sign's number."""
    signs = list(models.alphabet("vie"))
    log_p = np.full((2 * len(text), len(signs)), np.log(1e-6), np.float32)
    for number, sign in enumerate(text):
        other, chance = (doubt or {}).get(number, ("", 0.0))
        log_p[2 * number, signs.index(sign)] = np.log(0.999 - chance)
        if other:
            log_p[2 * number, signs.index(other)] = np.log(chance)
        log_p[2 * number + 1, signs.index("")] = np.log(0.999)
    return Sight("vie", log_p, 0.0, 4.0)
