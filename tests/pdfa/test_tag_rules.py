"""A structure that does not belong to its content costs the claim."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from pipeline.model import ArchivePage
from pipeline.pdfa import ArchiveFacts, compose
from pipeline.pdfa.rules import Refused
from pipeline.pdfa.tag_rules import check_tags

Draw = Callable[..., ArchivePage]


def _unmarked(pdf: pikepdf.Pdf) -> None:
    pdf.Root.MarkInfo.Marked = False


def _without_structure(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.StructTreeRoot


def _unnamed_figure(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.StructTreeRoot.K.K[-1].Alt


def _heading(pdf: pikepdf.Pdf) -> None:
    pdf.Root.StructTreeRoot.K.K[0].S = Name.H1


def _swapped(pdf: pikepdf.Pdf) -> None:
    kids = pdf.Root.StructTreeRoot.K.K
    pdf.Root.StructTreeRoot.K.K = Array([kids[1], kids[0], *list(kids)[2:]])


def _lost(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.StructTreeRoot.ParentTree.Nums[1][0]


def _painted_beside(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b"q 10 0 0 10 0 0 cm /Im0 Do Q")


def _other_page(pdf: pikepdf.Pdf) -> None:
    pdf.Root.StructTreeRoot.K.K[0].Pg = pdf.pages[1].obj


def _unnumbered(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b"/P BMC EMC")


def _nested(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b"/Artifact BMC /Artifact BMC EMC EMC")


def _strange(pdf: pikepdf.Pdf) -> None:
    pdf.Root.StructTreeRoot.RoleMap = Dictionary(Foo=Name.P)


def _no_place(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].obj.StructParents


SPOILED = (
    *(_unmarked, _without_structure, _unnamed_figure, _heading, _swapped, _lost),
    *(_painted_beside, _other_page, _unnumbered, _nested, _strange, _no_place),
)


@pytest.fixture
def tagged(draw: Draw, facts: ArchiveFacts, tmp_path: Path) -> Path:
    """Return a tagged file with two paragraphs on its first page and a figure on its second."""
    first = draw(["Quyết định", "", "", "Điều 1"])
    compose([first, draw([], number=2)], facts, tmp_path / "tagged.pdf", flavour="2a")
    return tmp_path / "tagged.pdf"


def test_what_we_write_passes(tagged: Path) -> None:
    """As it came from the writer."""
    with pikepdf.open(tagged) as pdf:
        assert len(pdf.Root.StructTreeRoot.K.K) == 3
        check_tags(pdf)


@pytest.mark.parametrize("spoil", SPOILED, ids=lambda one: one.__name__.strip("_"))
def test_each_fault_costs_the_claim(tagged: Path, spoil: Callable[[pikepdf.Pdf], None]) -> None:
    """Content and structure are compared both ways."""
    with pikepdf.open(tagged) as pdf:
        spoil(pdf)
        with pytest.raises(Refused):
            check_tags(pdf)
