"""The structure of a page: paragraphs in reading order, pictures that say what they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
from pikepdf import Name

from pipeline.model import ArchivePage, Box, Line, Measures, Word
from pipeline.pdfa import ArchiveFacts, compose
from pipeline.pdfa.tags import paragraphs

Draw = Callable[..., ArchivePage]


def _line(left: int, top: int, right: int, bottom: int) -> Line:
    return Line((Word("chữ", Box(left, top, right, bottom), 0.9, "drawn"),))


def test_lines_close_under_each_other_are_a_paragraph() -> None:
    """A gap, another size or another column begins the next."""
    lines = [
        _line(100, 100, 900, 130),
        _line(100, 140, 900, 170),
        _line(100, 180, 400, 210),  # the last line of a paragraph is short
        _line(100, 260, 900, 290),  # a gap
        _line(100, 300, 900, 370),  # larger
        _line(950, 380, 1200, 440),  # beside
    ]

    assert list(paragraphs(lines)) == [[0, 1, 2], [3], [4], [5]]
    assert list(paragraphs([])) == []


def test_elements_hold_the_text_and_pictures_are_artifacts(
    draw: Draw, facts: ArchiveFacts, tmp_path: Path
) -> None:
    """What is said is a paragraph; the scan under it is not said twice."""
    page = draw(["Quyết định", "Điều 1"])
    compose([page], facts, tmp_path / "out.pdf", flavour="2a")

    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        elements = list(pdf.Root.StructTreeRoot.K.K)
        content = pdf.pages[0].Contents.read_bytes()

    assert {str(one.S) for one in elements} == {"/P"}
    assert content.startswith(b"/Artifact BMC\nq ")
    assert content.count(b"/P <</MCID") == len(elements)


def test_a_picture_without_words_says_so(draw: Draw, facts: ArchiveFacts, tmp_path: Path) -> None:
    """A blank back has nothing to say; a photograph says that it is one."""
    picture = draw([], number=1)
    blank = draw([], number=2)
    blank = replace(blank, page=replace(blank.page, measures=Measures(blank=True)))
    compose([picture, blank], facts, tmp_path / "out.pdf", flavour="2a")

    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        (element,) = pdf.Root.StructTreeRoot.K.K
        assert (element.S, str(element.Alt)[:8]) == (Name.Figure, "Trang 1:")
