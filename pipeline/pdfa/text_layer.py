"""The invisible text of a page: lines with boxes in, content stream out.

The only place where pixels become points. Each line is one text object; each word stands at its
own place with its own horizontal scaling and a real space at its end, so that every reader finds
the words apart. Text is upright: pages are straight, and what slope is left is stepped from word to
word, because pdf.js joins words at the ends of rotated lines.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from dataclasses import dataclass, field
from statistics import median

from pipeline.model import Line, Page, Word
from pipeline.pdfa.font import ASCENT, DESCENT, UNITS_PER_EM, InvisibleFont

FONT_RESOURCE = "/F0"

# ISO 19005-2, 6.1.13: the sides of a page are 3 to 14,400 units.
_MIN_SIDE_PT, _MAX_SIDE_PT = 3.0, 14_400.0

_ASCENT_EM, _DESCENT_EM = ASCENT / UNITS_PER_EM, -DESCENT / UNITS_PER_EM
_MIN_FONT_PT, _MAX_FONT_PT = 1.0, 1000.0
_MIN_SCALE, _MAX_SCALE = 1.0, 10_000.0  # per cent; keeps hostile boxes within numbers that print
_WHOLE_SCALE = 50.0  # from here on a whole per cent is exact enough
_WORD_GAP = 0.2  # of the height of a word: what readers take for a space
# pdfium takes what stands on nearly the same place twice for a shadow and drops it: a text in the
# same size, so that a size that differs by a step makes it another text; and a character within
# 0.07 of its size of the same one among the last seven, after it sorted a line's words by x.
_SHADOW_STEP_PT = 0.1
_SHADOW_EM, _SHADOW_CHARACTERS = 0.08, 40
_MIN_ADVANCE_PT = 0.1  # words of a line start one after the other: pdfium sorts them by x
_Origin = tuple[str, float, float]  # a character and where it stands, pt
_RTL = frozenset({"R", "AL", "AN"})
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co"})


@dataclass(frozen=True, slots=True)
class Frame:
    """Size of a page in points and the one conversion from pixels."""

    width_pt: float
    height_pt: float
    pt_per_px: float

    @staticmethod
    def of(width_px: int, height_px: int, dpi: float) -> Frame:
        """Return the frame at true size, or the nearest that PDF/A allows (1 mm to 5 m a side)."""
        scale = max(72.0 / dpi, _MIN_SIDE_PT / min(width_px, height_px))
        scale = min(scale, _MAX_SIDE_PT / max(width_px, height_px))
        # A strip 4,800 times as long as it is wide is stretched: nothing is lost.
        width_pt = max(width_px * scale, _MIN_SIDE_PT)
        height_pt = max(height_px * scale, _MIN_SIDE_PT)
        return Frame(round(width_pt, 2), round(height_pt, 2), scale)


def frame_of(page: Page) -> Frame:
    """Return the frame of a page."""
    return Frame.of(page.width_px, page.height_px, page.dpi)


def writable(text: str) -> str:
    """Return what the text layer holds of a text: NFC, without what is no character.

    Left out: control, format and private-use characters, lone surrogates, non-characters. White
    space of any kind becomes one space. Nothing is folded: m² stays m².
    """
    kept = (" " if char.isspace() else char for char in text if _is_text(char) or char.isspace())
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def _is_text(char: str) -> bool:
    point = ord(char)
    if point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF:
        return False  # non-characters, which a ToUnicode map must not hold (6.2.11.7.2)
    return unicodedata.category(char) not in _DROPPED


def characters(page: Page) -> set[str]:
    """Return the characters that the page's text layer will use."""
    used = {char for word in page.words for char in visual_order(writable(word.text))}
    return used | {" "} if used else used


def visual_order(text: str) -> str:
    """Return the characters of a word from left to right, as readers of PDF expect them.

    They take a page's text for its look and turn right-to-left runs round themselves.
    """
    if not any(unicodedata.bidirectional(char) in _RTL for char in text):
        return text
    clusters = re.findall(r"\d+|.", text)  # numbers keep their direction
    merged: list[str] = []
    for cluster in clusters:
        if merged and unicodedata.combining(cluster[0]):
            merged[-1] += cluster
        else:
            merged.append(cluster)
    return "".join(reversed(merged))


def content(page: Page, font: InvisibleFont) -> list[bytes]:
    """Return the text object of each line of a page, in reading order; empty: it has no text."""
    layer = _Layer(frame_of(page), font)
    return [layer.line(line) for line in page.lines]


@dataclass(slots=True)
class _Layer:
    frame: Frame
    font: InvisibleFont
    _sizes: dict[str, set[float]] = field(default_factory=dict)  # of each text so far, pt
    _recent: deque[_Origin] = field(default_factory=lambda: deque(maxlen=_SHADOW_CHARACTERS))

    def line(self, line: Line) -> bytes:
        """Return one BT … ET, or nothing when the line holds no text."""
        words = [(word, text) for word in line.words if (text := writable(word.text))]
        if not words:
            return b""
        line_size_pt = self._font_size(line)
        out = ["BT 3 Tr"]
        at = (0.0, 0.0)
        set_size_pt = after_pt = 0.0
        for word, text in words:
            size_pt = self._unshadowed(text, line_size_pt)
            if size_pt != set_size_pt:
                out.append(f"{FONT_RESOURCE} {_number(size_pt)} Tf")
                set_size_pt = size_pt
            width_pt = max(word.box.width, 1) * self.frame.pt_per_px
            stretch = _stretch(width_pt, self.font.width(text) * size_pt)
            shown = visual_order(text) + " "
            x, y = self._place(word, line, after_pt)
            x = self._unrepeated(shown, (x, y), size_pt, stretch)
            after_pt = x + _MIN_ADVANCE_PT
            # What was printed is what the reader adds up: rounding must not pile up.
            out.append(f"{_number(x - at[0])} {_number(y - at[1])} Td")
            at = (x, y)
            out.append(f"{_number(stretch)} Tz")
            out.append(f"{_literal(self.font.encode(shown))} Tj")
        return "\n".join([*out, "ET\n"]).encode("latin-1")

    def _font_size(self, line: Line) -> float:
        """Return the size whose ascent reaches from the baseline to the top of most words."""
        tops = (_baseline(line, word.box.left) - word.box.top for word in line.words)
        size = median(tops) * self.frame.pt_per_px / _ASCENT_EM
        return round(min(max(size, _MIN_FONT_PT), _MAX_FONT_PT), 1)

    def _unshadowed(self, text: str, size_pt: float) -> float:
        """Return the size, or the next one in which the text is not on the page yet."""
        taken = self._sizes.setdefault(text, set())
        while size_pt in taken:
            size_pt = round(size_pt + _SHADOW_STEP_PT, 1)
        taken.add(size_pt)
        return size_pt

    def _place(self, word: Word, line: Line, after_pt: float) -> tuple[float, float]:
        """Return where the word's baseline starts, in points from the page's lower left."""
        scale = self.frame.pt_per_px
        x_pt = max(min(word.box.left * scale, self.frame.width_pt), after_pt)
        base_px = _baseline(line, (word.box.left + word.box.right) / 2)
        y_pt = min(max(self.frame.height_pt - base_px * scale, 0.0), self.frame.height_pt)
        return round(x_pt, 1), round(y_pt, 1)

    def _unrepeated(
        self, shown: str, at: tuple[float, float], size_pt: float, stretch: float
    ) -> float:
        """Return the x, or the next one to its right where no character repeats a recent one."""
        near_pt = _SHADOW_EM * size_pt * stretch / 100
        origins: list[_Origin] = []
        x = at[0]
        for char in shown:
            origins.append((char, x, at[1]))
            x += self.font.width(char) * size_pt * stretch / 100
        shift = 0.0
        while any(
            char == other and abs(left + shift - x) < near_pt and abs(base - y) < near_pt
            for char, left, base in origins[:_SHADOW_CHARACTERS]
            for other, x, y in self._recent
        ):
            shift += near_pt
        shift = round(shift + 0.05, 1) if shift else 0.0
        self._recent.extend((char, left + shift, base) for char, left, base in origins)
        return round(at[0] + shift, 1)


def _baseline(line: Line, x_px: float) -> float:
    """Return the y of the baseline in px at an x; estimated from the box when not measured."""
    box = line.box
    if line.baseline is None:
        return box.bottom - box.height * _DESCENT_EM / (_ASCENT_EM + _DESCENT_EM)
    left, right = line.baseline
    share = (x_px - box.left) / max(box.width, 1)
    return left + (right - left) * share


def _stretch(width_pt: float, natural_pt: float) -> float:
    """Return the horizontal scaling in per cent that gives a text a width, within 1 %."""
    percent = min(max(100 * width_pt / natural_pt, _MIN_SCALE), _MAX_SCALE)
    return round(percent, 0 if percent >= _WHOLE_SCALE else 1)


def _number(value: float) -> str:
    """Return a PDF number with one decimal at most."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


_ESCAPES = str.maketrans({"(": "\\(", ")": "\\)", "\\": "\\\\", "\r": "\\r"})


def _literal(codes: bytes) -> str:
    """Return a literal string (ISO 32000-1, 7.3.4.2): a third shorter than hexadecimal."""
    return f"({codes.decode('latin-1').translate(_ESCAPES)})"
