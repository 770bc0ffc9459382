"""Words in, an A4 sheet as an office would print it out, with the text in reading order."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

A4_MM = (210.0, 297.0)
FOLDERS = ("/usr/share/fonts/truetype/liberation2", "/usr/share/fonts/truetype/liberation")
FILES = {
    "": "LiberationSerif-Regular.ttf",
    "b": "LiberationSerif-Bold.ttf",
    "i": "LiberationSerif-Italic.ttf",
    "bi": "LiberationSerif-BoldItalic.ttf",
}
LEADING = 1.3  # of the font size


def font_file(style: str) -> Path:
    """Return the file of a face: "", "b", "i" or "bi"."""
    for folder in FOLDERS:
        path = Path(folder) / FILES[style]
        if path.exists():
            return path
    raise SystemExit("Liberation Serif is missing: apt-get install fonts-liberation2")


@cache
def face(style: str, size_px: int) -> ImageFont.FreeTypeFont:
    """Return a face of that size, shaped without system libraries so that bytes are stable."""
    return ImageFont.truetype(font_file(style), size_px, layout_engine=ImageFont.Layout.BASIC)


@dataclass(frozen=True)
class Placed:
    """A piece of print: its left end on the baseline, in mm from the upper left corner."""

    x_mm: float
    y_mm: float
    text: str
    size_pt: float
    style: str  # "", "b", "i" or "bi"


@dataclass
class Sheet:
    """One sheet being printed; millimetres from its upper left corner."""

    dpi: int
    ink: str = "#1a1a1a"
    lines: list[str] = field(default_factory=list)  # what is printed, in reading order
    placed: list[Placed] = field(default_factory=list)  # the same, where it stands
    image: Image.Image = field(init=False)
    pen: ImageDraw.ImageDraw = field(init=False)

    def __post_init__(self) -> None:
        size = tuple(round(side / 25.4 * self.dpi) for side in A4_MM)
        self.image = Image.new("RGB", size, "white")
        self.pen = ImageDraw.Draw(self.image)

    def px(self, mm: float) -> float:
        """Return millimetres as pixels."""
        return mm / 25.4 * self.dpi

    def put(
        self, x_mm: float, y_mm: float, text: str, size_pt: float = 13.0, style: str = "",
        anchor: str = "l", *, tell: bool = True,
    ) -> float:  # fmt: skip
        """Print a line with its baseline at y; return its width in mm.

        `anchor`: l, m or r of the text stands at x. `tell`: it belongs to the text of the page.
        """
        font = face(style, round(size_pt / 72 * self.dpi))
        self.pen.text((self.px(x_mm), self.px(y_mm)), text, self.ink, font, anchor=f"{anchor}s")
        left = {"l": 0.0, "m": 0.5, "r": 1.0}[anchor] * font.getlength(text) / self.dpi * 25.4
        self.placed.append(Placed(x_mm - left, y_mm, text, size_pt, style))
        if tell:
            self.lines.append(" ".join(text.replace(".....", "").split()) or text)
        return font.getlength(text) / self.dpi * 25.4

    def centred(
        self, x_mm: float, y_mm: float, texts: list[str], size_pt: float, style: str
    ) -> float:
        """Print lines centred on x; return y below them."""
        for text in texts:
            self.put(x_mm, y_mm, text, size_pt, style, "m")
            y_mm += size_pt * LEADING * 25.4 / 72
        return y_mm

    def paragraph(
        self, y_mm: float, text: str, size_pt: float = 13.0, style: str = "",
        left_mm: float = 30.0, right_mm: float = 192.0, indent_mm: float = 10.0,
    ) -> float:  # fmt: skip
        """Print a paragraph in lines of full width; return y below it."""
        font = face(style, round(size_pt / 72 * self.dpi))
        row, x_mm = "", left_mm + indent_mm
        step = size_pt * LEADING * 25.4 / 72
        for word in [*text.split(), None]:
            longer = f"{row} {word}".strip()
            if word is not None and font.getlength(longer) <= self.px(right_mm - x_mm):
                row = longer
                continue
            self.put(x_mm, y_mm, row, size_pt, style)
            y_mm += step
            row, x_mm = word or "", left_mm
        return y_mm + 1.2

    def rule(self, x_mm: float, y_mm: float, width_mm: float) -> None:
        """Print a thin rule centred on x."""
        ends = [(self.px(x_mm + side * width_mm / 2), self.px(y_mm)) for side in (-1, 1)]
        self.pen.line(ends, self.ink, max(1, round(self.px(0.25))))

    def filled(
        self, y_mm: float, label: str, value: str, size_pt: float = 13.0,
        left_mm: float = 30.0, right_mm: float = 192.0,
    ) -> float:  # fmt: skip
        """Print a form's line: a label, dotted leaders to the margin, the value typed over them."""
        start = left_mm + self.put(left_mm, y_mm, label, size_pt, tell=False) + 1.5
        font = face("", round(size_pt / 72 * self.dpi))
        dots = "." * int(self.px(right_mm - start) / font.getlength("."))
        self.put(start, y_mm, dots, size_pt, tell=False)
        self.put(start + 3, y_mm - 0.6, value, size_pt, "b", tell=False)
        self.lines.append(f"{label} {value}".strip())
        return y_mm + size_pt * 1.55 * 25.4 / 72
