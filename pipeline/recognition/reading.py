"""Read a page: ink copy in, lines of words with boxes, baselines and confidence out.

Lines are found, cut into pieces and read by the networks of a profile; print that was not found as
a line is read in a second look. The profile `tesseract` gives the page to the Tesseract program.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Box, Line, Pixels, Word
from pipeline.recognition import models, ocr
from pipeline.recognition.baselines import fitted_baseline
from pipeline.recognition.calibration import confidence
from pipeline.recognition.doubles import without_doubles
from pipeline.recognition.finder import find_lines
from pipeline.recognition.merging import Told
from pipeline.recognition.missed import is_sure, missed_print
from pipeline.recognition.pieces import Piece, cut
from pipeline.recognition.placing import word_boxes
from pipeline.recognition.rules import without_rules
from pipeline.recognition.specks import clean_word, is_noise
from pipeline.recognition.strategy import networks, read_pieces

TESSERACT = "tesseract"


@dataclass(frozen=True, slots=True)
class Reader:
    """How pages are read: a profile, and the Tesseract model that its program would use."""

    profile: str  # fast, balanced, best; tesseract
    language: str = ""  # of the program, for the profile tesseract

    @property
    def versions(self) -> str:
        """What reads: equal versions read the same page alike."""
        if self.profile == TESSERACT:
            return f"tesseract {ocr.engine_version()}, {self.language}"
        return models.versions(["lines", *networks(self.profile)])


def reader(profile: str, language: str) -> Reader:
    """Return how to read: raises ToolMissing, with what to do, when a part of it is not there."""
    models.check(["digits"])
    if profile == TESSERACT:
        return Reader(profile, ocr.language(language))
    models.check(["lines", *networks(profile)])
    return Reader(profile)


def read_lines(
    ink: Pixels, dpi: float, how: Reader, *, timeout_s: float = 120.0
) -> tuple[Line, ...]:
    """Read a page, H×W uint8, white paper; the lines are in no order that matters.

    Boxes lie inside the page. `timeout_s` is for the Tesseract program; networks take time by the
    amount of print, which is bounded. Raises ToolMissing, ToolTimeout or ToolCrashed.
    """
    if how.profile == TESSERACT:
        return ocr.read_page(ink, dpi, language=how.language, timeout_s=timeout_s)
    clean, rules = without_rules(ink, dpi)
    found = _read(cut(clean, find_lines(clean), rules), how.profile)
    lines = without_doubles(found)
    rest, boxes = missed_print(clean, lines, dpi)
    missed = [line for line in _read(cut(rest, boxes, rules), how.profile) if is_sure(line)]
    return without_doubles([*lines, *missed])


def _read(pieces: Sequence[Piece], profile: str) -> list[Line]:
    lines = []
    for piece, told in zip(pieces, read_pieces(pieces, profile), strict=True):
        words = _words(told, word_boxes(piece, told))
        if words:
            lines.append(Line(tuple(words), fitted_baseline(words)))
    return lines


def _words(told: Sequence[Told], boxes: Sequence[Box]) -> list[Word]:
    words = []
    for one, box in zip(told, boxes, strict=True):
        text = clean_word(one.text)
        sure = confidence(one)
        if text and not is_noise(text, sure):
            words.append(Word(text, box, sure, "+".join(one.networks or one.asked)))
    return words
