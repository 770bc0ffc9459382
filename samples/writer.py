"""Paragraphs in, sheets out: fills one sheet after the other, as a word processor does."""

from __future__ import annotations

from dataclasses import dataclass, field

from samples.sheet import Sheet, leading_mm, natural_width, rows_of, segments_of

LEFT_MM, RIGHT_MM = 30.0, 192.0
TOP_MM, BOTTOM_MM = 24.0, 277.0
NUMBER_Y_MM = 13.0  # page number, from the second sheet on


@dataclass
class Writer:
    """Where the next line goes."""

    sheets: list[Sheet] = field(default_factory=lambda: [Sheet()])
    y_mm: float = TOP_MM
    size_pt: float = 14.0
    spacing: float = 1.2  # lines
    gap_mm: float = 2.1  # after a paragraph, 6 pt

    @property
    def sheet(self) -> Sheet:
        return self.sheets[-1]

    def turn_over(self) -> None:
        """Start the next sheet, with its number on top."""
        self.sheets.append(Sheet())
        self.sheet.put(105, NUMBER_Y_MM, str(len(self.sheets)), 13, anchor="m")
        self.y_mm = TOP_MM

    def need(self, height_mm: float) -> None:
        """Turn over unless so much room is left."""
        if self.y_mm + height_mm > BOTTOM_MM:
            self.turn_over()

    def paragraph(
        self, text: str, style: str = "", indent_mm: float = 10.0,
        left_mm: float = LEFT_MM, right_mm: float = RIGHT_MM,
    ) -> None:  # fmt: skip
        """Print a justified paragraph."""
        width, step = right_mm - left_mm, leading_mm(self.size_pt, self.spacing)
        rows = rows_of(segments_of(text, style), self.size_pt, width - indent_mm, width)
        if len(rows) > 1:
            self.need(2 * step)  # no single first line at the foot of a sheet
        for number, row in enumerate(rows):
            self.need(0)
            first = indent_mm if number == 0 else 0.0
            slack = width - first - natural_width(row, self.size_pt)
            last = number == len(rows) - 1
            stretch = 0.0 if last or len(row) < 2 else slack / (len(row) - 1)
            self.sheet.row(left_mm + first, self.y_mm, row, self.size_pt, stretch)
            self.y_mm += step
        self.y_mm += self.gap_mm

    def centred(
        self, texts: tuple[str, ...], size_pt: float, style: str = "b", x_mm: float = 111.0
    ) -> None:
        """Print lines centred on x."""
        for text in texts:
            self.need(0)
            self.sheet.put(x_mm, self.y_mm, text, size_pt, style, "m")
            self.y_mm += leading_mm(size_pt)

    def space(self, height_mm: float) -> None:
        """Leave room."""
        self.y_mm += height_mm
