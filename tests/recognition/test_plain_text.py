"""A page as plain text."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Box, Line, Page, Word
from pipeline.recognition.plain_text import plain_text
from pipeline.recognition.reading_order import order


def _page(*lines: Line) -> Page:
    return Page(1, 1000, 1400, 120.0, "scan", lines)


def test_the_columns_of_a_head_stand_below_each_other(line) -> None:
    """Who issued it, then the motto, then the body: as a person reads it aloud."""
    lines = [
        line("ỦY BAN NHÂN DÂN", 80, 100),
        line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 460, 100),
        line("HUYỆN AN BÌNH", 90, 130),
        line("Độc lập - Tự do - Hạnh phúc", 490, 130),
        line("Căn cứ Luật Tổ chức chính quyền địa phương và văn bản", 80, 300),
        line("khác có liên quan", 80, 330),
    ]

    assert plain_text(_page(*order(lines, 1000, 1400))) == (
        "ỦY BAN NHÂN DÂN\nHUYỆN AN BÌNH\n\n"
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\n"
        "Căn cứ Luật Tổ chức chính quyền địa phương và văn bản\nkhác có liên quan"
    )


def test_a_page_without_words_has_no_text() -> None:
    """A blank page is a page."""
    assert plain_text(_page()) == ""


@given(st.lists(st.tuples(st.text("aăđ", min_size=1, max_size=3), st.integers(0, 2))))
def test_every_line_is_there_once_and_in_order(rows: list[tuple[str, int]]) -> None:
    """Blank rows part the blocks, and nothing else is added."""
    lines = [Line((Word(text, Box(0, 0, 9, 9), 1.0, "made"),), None, block) for text, block in rows]
    text = plain_text(_page(*lines))

    assert [row for row in text.split("\n") if row] == [text for text, _ in rows]
    changes = sum(a[1] != b[1] for a, b in pairwise(rows))
    assert text.count("\n\n") == changes
