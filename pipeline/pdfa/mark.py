"""An archive PDF and some lines in, where they can stand on page 1 without covering anything out.

A copy of a paper must say that it is one, when it was made and by whom (Law on Electronic
Transactions 2023, Article 12; Decree 137/2024, Article 4). No place is prescribed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.pdfa.free_box import CORNERS, Corner, PtBox, free_box_of
from pipeline.pdfa.lettering import letter

_SIZES_PT = (9.0, 7.0, 6.0)  # of letters; smaller ones are not read on paper


@dataclass(frozen=True, slots=True)
class Mark:
    """Lines drawn on page 1, over nothing that is on it."""

    content: bytes  # of a content stream: fills the letters, from the origin
    box: PtBox

    def drawn(self) -> bytes:
        """Return what a page's content stream has to end with, to show it in black."""
        left, bottom, _, _ = self.box
        place = f"1 0 0 1 {left:.2f} {bottom:.2f} cm".encode("ascii")
        return b"/Artifact BMC q 0 g " + place + b"\n" + self.content + b"\nQ EMC\n"


def place_mark(pdf: Path, lines: Sequence[str], corner: Corner) -> Mark | None:
    """Return the lines as large as there is room on page 1, in that corner or else the next.

    None: there is no room in any.
    """
    corners = (corner, *(other for other in CORNERS if other != corner))
    for size_pt in _SIZES_PT:
        text = letter(lines, size_pt)
        for each in corners:
            box = free_box_of(pdf, 0, text.width_pt + 1, text.height_pt + 1, each)
            if box is not None:
                return Mark(text.content, box)
    return None
