"""The invisible text of a page: lines with boxes in, content stream out.

The only place where pixels become points. Each line is one text object; each word stands at its
own place with its own horizontal scaling and is followed by a real space, so that every reader
finds the words apart. Text is upright: pages are straight, and what slope is left is stepped from
word to word, because pdf.js joins words at the ends of rotated lines.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pipeline.model import Line, Page, Word
from pipeline.pdfa.font import ASCENT, DESCENT, UNITS_PER_EM, InvisibleFont

FONT_RESOURCE = "/F0"

# ISO 19005-2, 6.1.13: the sides of a page are 3 to 14,400 units.
_MIN_SIDE_PT, _MAX_SIDE_PT = 3.0, 14_400.0

_ASCENT_EM, _DESCENT_EM = ASCENT / UNITS_PER_EM, -DESCENT / UNITS_PER_EM
_MIN_FONT_PT, _MAX_FONT_PT = 1.0, 1000.0
_MIN_SCALE, _MAX_SCALE = 1.0, 10_000.0  # per cent; keeps hostile boxes within numbers that print
# A space whose stretch differs from its word's by more than this gets a scaling of its own.
_SPACE_STRETCH = (0.6, 1.7)
_WORD_GAP = 0.2  # of the height of a word: what readers take for a space
# Readers take the same text at nearly the same place for a shadow and drop it (pdfium: within an
# eighth of its height; poppler: a fifth); further apart than this they keep both.
_SHADOW_EM = 0.3
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


def content(page: Page, font: InvisibleFont) -> bytes:
    """Return the text objects of a page, one for each line, in reading order."""
    layer = _Layer(frame_of(page), font)
    return b"".join(layer.line(line) for line in page.lines)


@dataclass(slots=True)
class _Layer:
    frame: Frame
    font: InvisibleFont
    _placed: dict[str, list[tuple[float, float, float]]] = field(default_factory=dict)

    def line(self, line: Line) -> bytes:
        """Return one BT … ET, or nothing when the line holds no text."""
        words = _apart([(word, text) for word in line.words if (text := writable(word.text))])
        if not words:
            return b""
        size_pt = self._font_size(line)
        out = [f"BT 3 Tr {FONT_RESOURCE} {_number(size_pt)} Tf".encode("ascii")]
        at_x = at_y = 0.0
        for index, (word, text) in enumerate(words):
            following = words[index + 1][0] if index + 1 < len(words) else None
            x, y = self._place(word, text, line, size_pt)
            out.append(f"{_number(x - at_x)} {_number(y - at_y)} Td".encode("ascii"))
            # What was printed is what the reader adds up: rounding must not pile up.
            at_x, at_y = round(x, 2), round(y, 2)
            out.extend(self._show(word, text, following, size_pt))
        return b"\n".join([*out, b"ET\n"])

    def _font_size(self, line: Line) -> float:
        """Return the size whose ascent reaches from the baseline to the top of the line."""
        top = line.box.top
        base = _baseline(line, (line.box.left + line.box.right) / 2)
        size = (base - top) * self.frame.pt_per_px / _ASCENT_EM
        return round(min(max(size, _MIN_FONT_PT), _MAX_FONT_PT), 1)

    def _place(self, word: Word, text: str, line: Line, size_pt: float) -> tuple[float, float]:
        scale = self.frame.pt_per_px
        x = round(word.box.left * scale, 2)
        base_px = _baseline(line, (word.box.left + word.box.right) / 2)
        y = round(self.frame.height_pt - base_px * scale, 2)
        placed = self._placed.setdefault(text, [])
        step = round(max(size_pt * _SHADOW_EM, 0.5), 2)
        while any(
            abs(x - left) < max(size, size_pt) and abs(y - base) < max(size, size_pt) * _SHADOW_EM
            for left, base, size in placed
        ):
            y = round(y - step, 2)
        placed.append((x, y, size_pt))
        return x, y

    def _show(
        self, word: Word, text: str, following: Word | None, size_pt: float
    ) -> Iterator[bytes]:
        """Yield the operators that show one word and the space after it."""
        scale = self.frame.pt_per_px
        width_pt = max(word.box.width, 1) * scale
        stretch = _clamp(100 * width_pt / (self.font.width(text) * size_pt))
        gap_pt = (following.box.left - word.box.right) * scale if following else 0.0
        space = _clamp(100 * gap_pt / (self.font.width(" ") * size_pt))
        codes = self.font.encode(visual_order(text))
        blank = self.font.encode(" ")
        low, high = _SPACE_STRETCH
        yield f"{_number(stretch)} Tz".encode("ascii")
        # pdfium overlooks a text object of one character: a space of its own makes it two.
        if gap_pt <= 0 or len(text) == 1 or low <= space / stretch <= high:
            yield _literal(codes + blank) + b" Tj"
        else:
            yield _literal(codes) + b" Tj"
            yield f"{_number(space)} Tz".encode("ascii")
            yield _literal(blank) + b" Tj"


def _apart(words: list[tuple[Word, str]]) -> list[tuple[Word, str]]:
    """Return the words with a gap between all boxes that follow each other.

    Recognition lets boxes touch or overlap; readers then take two words for one. The word before
    gives way, and where it has no room the next one is moved.
    """
    kept: list[tuple[Word, str]] = []
    for word, text in words:
        box = word.box
        if kept:
            before, text_before = kept[-1]
            gap = max(1, round(_WORD_GAP * before.box.height))
            # A box far to the left is another line's, joined to this one: it is no overlap.
            if before.box.left <= box.left < before.box.right + gap:
                end = max(box.left - gap, before.box.left + 1)
                kept[-1] = (replace(before, box=replace(before.box, right=end)), text_before)
                left = max(box.left, end + gap)
                box = replace(box, left=left, right=max(box.right, left + 1))
        kept.append((replace(word, box=box), text))
    return kept


def _baseline(line: Line, x_px: float) -> float:
    """Return the y of the baseline in px at an x; estimated from the box when not measured."""
    box = line.box
    if line.baseline is None:
        return box.bottom - box.height * _DESCENT_EM / (_ASCENT_EM + _DESCENT_EM)
    left, right = line.baseline
    share = (x_px - box.left) / max(box.width, 1)
    return left + (right - left) * share


def _clamp(percent: float) -> float:
    return min(max(percent, _MIN_SCALE), _MAX_SCALE)


def _number(value: float) -> str:
    """Return a PDF number with at most two decimals."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


_ESCAPES = {0x28: b"\\(", 0x29: b"\\)", 0x5C: b"\\\\", 0x0D: b"\\r"}


def _literal(codes: bytes) -> bytes:
    """Return a literal string (ISO 32000-1, 7.3.4.2): a third shorter than hexadecimal."""
    return b"(" + b"".join(_ESCAPES.get(byte, bytes((byte,))) for byte in codes) + b")"
