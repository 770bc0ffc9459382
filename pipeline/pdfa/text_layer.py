"""The invisible text of a page: lines with boxes in, content stream out.

The only place where pixels become points. Each line is one text object; each word stands at its
own place with its own horizontal scaling, a real space at its end and a gap before the next word,
so that every reader finds the words apart. Text is upright: pages are straight, and what slope is
left is stepped from word to word, because pdf.js joins words at the ends of rotated lines.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from pipeline.model import Line, Page, Word
from pipeline.pdfa.characters import visual_order, writable
from pipeline.pdfa.font import UNITS_PER_EM, Face, InvisibleFont

# ISO 19005-2, 6.1.13: the sides of a page are 3 to 14,400 units.
_MIN_SIDE_PT, _MAX_SIDE_PT = 3.0, 14_400.0

_ASCENT_EM, _DESCENT_EM = 0.8, 0.2  # of most words
_MIN_FONT_PT, _MAX_FONT_PT = 1.0, 1000.0
_MIN_SCALE, _MAX_SCALE = 1.0, 10_000.0  # per cent; keeps hostile boxes within numbers that print
# Ems between words of a line. poppler -raw, which asks for 0.15, and pdf.js, for 0.03, go by the
# gap alone: a real space does not count, and words that the recogniser let touch became one.
_WORD_GAP_EM = 0.155
# A line that begins where the one before it ended, on the same row, is the same line to readers:
# poppler from 0.2 em before that end on, pdf.js less than an em above or below, or, when it begins
# further to the left, less than half an em; pdfium sorts by x what is that near, an em as wide as
# it is stretched.
_BACK_EM, _ROW_EM, _HALF_ROW_EM = 0.2, 1.0, 0.5
_HAIR_PT = 0.06  # beyond what rounding moves
_MIN_WIDTH_PT = 0.3  # what is left of a word between two others
# pdfium takes what stands on nearly the same place twice for a shadow and drops it: a text in the
# same size, so that a size that differs by a step makes it another text; and a character within
# 0.07 of its size of the same one among the last seven, after it sorted a line's words by x.
_SHADOW_STEP_PT = 0.1
_SHADOW_EM, _SHADOW_CHARACTERS = 0.08, 40
# A word may stand so much off its line, where its box would be off by more than a hair's breadth:
# readers group words by baselines that differ by less than half an em.
_OFF_PT, _BESIDE_EM = 1.0, 0.25
_Origin = tuple[str, float, float]  # a character and where it stands, pt
_Base = Callable[[float], float]
_Placed = tuple[float, float, float]  # where a word starts and ends on its baseline, pt


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


def characters(page: Page) -> set[str]:
    """Return the characters that the page's text layer will use."""
    used = {char for word in page.words for char in visual_order(writable(word.text))}
    return used | {" "} if used else used


def faces(page: Page) -> set[Face]:
    """Return the faces that the page's text layer will use."""
    scale = frame_of(page).pt_per_px
    found: set[Face] = set()
    for line in page.lines:
        words = [word for word in line.words if writable(word.text)]
        if words:
            base = _baseline(line)
            size_pt = _font_size(line, base, scale)
            found |= {_face(word, base, scale, size_pt) for word in words}
    return found


def content(page: Page, font: InvisibleFont) -> list[bytes]:
    """Return the text object of each line of a page, in reading order; empty: it has no text."""
    layer = _Layer(frame_of(page), font)
    return [layer.line(line) for line in page.lines]


@dataclass(slots=True)
class _Layer:
    frame: Frame
    font: InvisibleFont
    _shown: dict[str, list[tuple[_Placed, float]]] = field(default_factory=dict)  # with sizes, pt
    _recent: deque[_Origin] = field(default_factory=lambda: deque(maxlen=_SHADOW_CHARACTERS))
    _last: tuple[_Placed, float, float] | None = None  # word; its size up and across, pt

    def line(self, line: Line) -> bytes:
        """Return one BT … ET, or nothing when the line holds no text."""
        words = [(word, text) for word in line.words if (text := writable(word.text))]
        if not words:
            return b""
        base = _baseline(line)
        line_size_pt = _font_size(line, base, self.frame.pt_per_px)
        spans = self._spans([word for word, _ in words], line_size_pt)
        out = ["BT 3 Tr"]
        at = (0.0, 0.0)
        set_font = ""
        for index, ((word, text), (left, right)) in enumerate(zip(words, spans, strict=True)):
            face = _face(word, base, self.frame.pt_per_px, line_size_pt)
            y = self._height(word, base, face, line_size_pt)
            em_pt = (right - left) / self.font.width(text)
            left, y = self._apart(left, y, em_pt, new_line=index == 0)
            right = max(right, left + _MIN_WIDTH_PT)
            size_pt = self._unshadowed(text, (left, right, y), line_size_pt)
            stretch = round(_clamp(100 * (right - left) / (self.font.width(text) * size_pt)), 1)
            shown = visual_order(text) + " "
            x = self._unrepeated(shown, (left, y), size_pt, stretch)
            em_pt = size_pt * stretch / 100
            self._last = (x, x + self.font.width(text) * em_pt, y), size_pt, em_pt
            if set_font != (set_font := f"{face.resource} {_number(size_pt)} Tf"):
                out.append(set_font)
            # What was printed is what the reader adds up: rounding must not pile up.
            out.append(f"{_number(x - at[0])} {_number(y - at[1])} Td")
            at = (x, y)
            out.append(f"{_number(stretch)} Tz")
            out.append(f"{_literal(self.font.encode(shown))} Tj")
        return "\n".join([*out, "ET\n"]).encode("latin-1")

    def _spans(self, words: list[Word], size_pt: float) -> list[tuple[float, float]]:
        """Return where the words start and end, pt; what is too near gives way on both sides."""
        scale = self.frame.pt_per_px
        spans = [
            (word.box.left * scale, max(word.box.right, word.box.left + 1) * scale)
            for word in words
        ]
        for index in range(1, len(spans)):
            (before, end), (start, after) = spans[index - 1 : index + 1]
            lack = _WORD_GAP_EM * size_pt + _HAIR_PT - (start - end)
            if lack > 0:
                spans[index - 1] = before, max(end - lack / 2, before + _MIN_WIDTH_PT)
                spans[index] = min(start + lack / 2, after - _MIN_WIDTH_PT), after
        return spans

    def _height(self, word: Word, base: _Base, face: Face, size_pt: float) -> float:
        """Return the y of the word's baseline, in points from the page's lower edge.

        It is the line's, or beside it where no face is as high and low as the word: a dash, a
        quotation mark, what a speck has made too high.
        """
        scale, base_px = self.frame.pt_per_px, base(_middle(word))
        above_pt = (base_px - word.box.top) * scale - face.ascent * size_pt / UNITS_PER_EM
        below_pt = (base_px - word.box.bottom) * scale - face.descent * size_pt / UNITS_PER_EM
        y_pt = self.frame.height_pt - base_px * scale
        if max(abs(above_pt), abs(below_pt)) > _OFF_PT:
            most_pt = _BESIDE_EM * size_pt
            y_pt += min(max((above_pt + below_pt) / 2, -most_pt), most_pt)
        return round(min(max(y_pt, 0.0), self.frame.height_pt), 2)

    def _apart(self, x: float, y: float, em_pt: float, *, new_line: bool) -> tuple[float, float]:
        """Return the place, or the next one where no reader joins the word to the last one."""
        x = min(x, self.frame.width_pt)
        if self._last is not None:
            (_, end, base), size_pt, last_em_pt = self._last
            row_pt = _HALF_ROW_EM * max(size_pt, em_pt, last_em_pt) + _HAIR_PT
            gap_pt = _WORD_GAP_EM * size_pt + _HAIR_PT
            along, rise = x - end, y - base
            if not new_line:
                x = max(x, end + gap_pt)
            elif abs(rise) <= _ROW_EM * size_pt + _HAIR_PT and (
                -_BACK_EM * size_pt - _HAIR_PT <= along < gap_pt
            ):
                x = end + gap_pt
            elif along < 0 and abs(rise) <= row_pt:
                step = row_pt + _HAIR_PT
                y = base + step if rise > 0 or base < step else base - step
        return _up(x), round(y, 1)

    def _unshadowed(self, text: str, placed: _Placed, size_pt: float) -> float:
        """Return the size, or the next one in which the text is not on this place yet."""
        left, right, y = placed
        known = self._shown.setdefault(text, [])
        near = {
            size
            for (start, end, base), size in known
            if start <= right and left <= end and abs(base - y) <= size + size_pt
        }
        while size_pt in near:
            size_pt = round(size_pt + _SHADOW_STEP_PT, 1)
        known.append((placed, size_pt))
        return size_pt

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
        shift = _up(shift)
        self._recent.extend((char, left + shift, base) for char, left, base in origins)
        return round(at[0] + shift, 1)


def _font_size(line: Line, base: _Base, pt_per_px: float) -> float:
    """Return the size whose ascent reaches from the baseline to the top of most words."""
    tops = (base(word.box.left) - word.box.top for word in line.words)
    size = median(tops) * pt_per_px / _ASCENT_EM
    return round(min(max(size, _MIN_FONT_PT), _MAX_FONT_PT), 1)


def _face(word: Word, base: _Base, pt_per_px: float, size_pt: float) -> Face:
    """Return the face that is as high as the word."""
    base_px, px_per_em = base(_middle(word)), size_pt / pt_per_px
    below_px = max(word.box.bottom - base_px, 0.0)  # a dash is as high as itself, and lifted
    above_px = min(base_px, word.box.bottom) - word.box.top
    return Face.nearest(above_px / px_per_em, below_px / px_per_em)


def _middle(word: Word) -> float:
    return (word.box.left + word.box.right) / 2


def _baseline(line: Line) -> _Base:
    """Return the y of the baseline in px at an x; estimated from the box when not measured."""
    box = line.box  # of all its words, so taken once
    if line.baseline is None:
        level = box.bottom - box.height * _DESCENT_EM / (_ASCENT_EM + _DESCENT_EM)
        return lambda x_px: level
    left, right = line.baseline
    slope = (right - left) / max(box.width, 1)
    return lambda x_px: left + (x_px - box.left) * slope


def _clamp(percent: float) -> float:
    return min(max(percent, _MIN_SCALE), _MAX_SCALE)


def _up(value_pt: float) -> float:
    """Return the next tenth of a point: fewer digits, and no gap gets narrower."""
    return math.ceil(round(value_pt * 10, 3)) / 10


def _number(value: float) -> str:
    """Return a PDF number with at most one decimal."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


_ESCAPES = str.maketrans({"(": "\\(", ")": "\\)", "\\": "\\\\", "\r": "\\r"})


def _literal(codes: bytes) -> str:
    """Return a literal string (ISO 32000-1, 7.3.4.2): a third shorter than hexadecimal."""
    return f"({codes.decode('latin-1').translate(_ESCAPES)})"
