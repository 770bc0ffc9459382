"""What PDF/A-1 forbids is refused in a file that claims it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from pipeline.model import ArchivePage
from pipeline.pdfa import ArchiveFacts, compose
from pipeline.pdfa.first_part_rules import check_first_part
from pipeline.pdfa.rules import Refused

Draw = Callable[..., ArchivePage]


def _transparent(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Group = Dictionary(S=Name.Transparency)


def _soft_mask(pdf: pikepdf.Pdf) -> None:
    image = pdf.pages[0].Resources.XObject["/Im0"]
    image.SMask = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Image)


def _state(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Resources.ExtGState = Dictionary(G=Dictionary(ca=0.5))


def _form(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Resources.XObject["/F"] = pdf.make_stream(b"", Subtype=Name.Form)


def _subset(pdf: pikepdf.Pdf) -> None:
    for font in pdf.pages[0].Resources.Font.values():
        font.BaseFont = Name("/AAAAAA+Other")


def _long_array(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Long = pdf.make_indirect(Array([0] * 8192))


SPOILED = (_transparent, _soft_mask, _state, _form, _subset, _long_array)


@pytest.mark.parametrize("spoil", [None, *SPOILED], ids=lambda one: getattr(one, "__name__", "as"))
def test_only_what_we_write_is_part_one(
    draw: Draw, facts: ArchiveFacts, tmp_path: Path, spoil: Callable[[pikepdf.Pdf], None] | None
) -> None:
    """An allow-list: layers and our own font."""
    compose([draw(["Điều 1"], coding="layers")], facts, tmp_path / "out.pdf", flavour="1b")
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        if spoil is None:
            check_first_part(pdf)
            return
        spoil(pdf)
        with pytest.raises(Refused):
            check_first_part(pdf)
