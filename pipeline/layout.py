"""What stands where on a page beside words: tables, seals, signatures, hand-writing, margins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.box import Box

PageKind = Literal[
    "text", "form", "id-card", "photo", "drawing", "blank", "separator", "cover", "unknown"
]


@dataclass(frozen=True, slots=True)
class Mark:
    """A seal, stamp or signature: who answers for the paper."""

    kind: Literal["seal", "signature", "stamp"]  # stamp: a frame with text ("ĐẾN", "HỎA TỐC")
    box: Box
    colour: Literal["red", "blue", "black"]


@dataclass(frozen=True, slots=True)
class Table:
    """The grid of a ruled table."""

    box: Box
    columns: tuple[int, ...]  # x in px of its upright rules, left to right, the outer ones too
    rows: tuple[int, ...]  # y in px of its level rules, top to bottom


@dataclass(frozen=True, slots=True)
class Margins:
    """Empty paper between the edge of the sheet and the print, mm; below 0: unknown."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class HeadFigures:
    """Figures that the head of a paper leaves for a pen, as the digit reader has them."""

    kind: Literal["number", "day", "month"]
    text: str  # digits as written, with leading zeros
    confidence: float  # 0–1
    box: Box  # the strip that was looked at


@dataclass(frozen=True, slots=True)
class Layout:
    """Facts of one page, in px of the straightened page."""

    kind: PageKind = "unknown"
    margins_mm: Margins | None = None  # None: nothing is printed
    two_columns: tuple[Literal["head", "foot"], ...] = ()  # parts in which two columns stand
    tables: tuple[Table, ...] = ()
    marks: tuple[Mark, ...] = ()
    handwriting: tuple[Box, ...] = ()
