"""The order in which a person reads a page."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Box, Line, Word
from pipeline.recognition.reading_order import order, two_columns
from pipeline.recognition.rows import joined

WIDTH, HEIGHT = 1000, 1400
MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"


def _texts(lines):  # type: ignore[no-untyped-def]
    return [one.text for one in order(lines, WIDTH, HEIGHT)]


def _letter(line):  # type: ignore[no-untyped-def]
    """A letter whose head and foot the engine read across both columns."""
    return [
        joined([line("ỦY BAN NHÂN DÂN", 80, 100), line(MOTTO, 480, 100)]),
        joined([line("HUYỆN AN BÌNH", 90, 130), line("Độc lập - Tự do - Hạnh phúc", 520, 130)]),
        line("Số: 12/QĐ-UBND", 90, 170),
        line("An Bình, ngày 05 tháng 3 năm 2024", 495, 172, block=1),
        line("QUYẾT ĐỊNH", 430, 240, block=2),
        line("Căn cứ Luật Tổ chức chính quyền địa phương và các văn bản", 150, 300, block=3),
        line("hướng dẫn thi hành;", 100, 330, block=3),
        joined([line("Nơi nhận:", 100, 1000, block=4), line("CHỦ TỊCH", 650, 998, block=4)]),
        line("- Như trên;", 100, 1030, block=4),
        line("- Lưu: VT.", 100, 1060, block=5),
        line("Nguyễn Văn An", 620, 1180, block=6),
    ]


def test_head_and_foot_column_by_column(line) -> None:
    """Joined lines are cut at the gutter and read left column first."""
    assert _texts(_letter(line)) == [
        "ỦY BAN NHÂN DÂN",
        "HUYỆN AN BÌNH",
        "Số: 12/QĐ-UBND",
        MOTTO,
        "Độc lập - Tự do - Hạnh phúc",
        "An Bình, ngày 05 tháng 3 năm 2024",
        "QUYẾT ĐỊNH",
        "Căn cứ Luật Tổ chức chính quyền địa phương và các văn bản",
        "hướng dẫn thi hành;",
        "Nơi nhận:",
        "- Như trên;",
        "- Lưu: VT.",
        "CHỦ TỊCH",
        "Nguyễn Văn An",
    ]


def test_reading_twice_changes_nothing(line) -> None:
    """The order of ordered lines is the same."""
    once = order(_letter(line), WIDTH, HEIGHT)

    assert order(once, WIDTH, HEIGHT) == once
    assert order(list(reversed(_letter(line))), WIDTH, HEIGHT) == once


def test_each_column_and_paragraph_is_a_block(line) -> None:
    """Blocks are counted in reading order."""
    blocks = [one.block for one in order(_letter(line), WIDTH, HEIGHT)]

    assert blocks == [0, 0, 0, 1, 1, 1, 2, 3, 3, 4, 4, 4, 5, 5]


def test_tables_are_read_row_by_row(line) -> None:
    """Cells of one row form one line, whatever order the engine gave them in."""
    cells = [line(f"tên {n}", 100, 400 + 40 * n) for n in range(3)]
    cells += [line(f"{n}.000", 600, 402 + 40 * n) for n in range(3)]

    assert _texts(cells) == ["tên 0 0.000", "tên 1 1.000", "tên 2 2.000"]


def test_a_form_line_that_was_split_is_joined(line) -> None:
    """Labels on one line of a form stay on one line."""
    parts = [line("Quốc tịch: Việt Nam", 700, 300), line("Giới tính: Nữ", 100, 301)]

    assert _texts(parts) == ["Giới tính: Nữ Quốc tịch: Việt Nam"]


def test_an_empty_page() -> None:
    """No lines, or lines without words, give none."""
    assert order([], WIDTH, HEIGHT) == ()
    assert order([Line(())], WIDTH, HEIGHT) == ()


WORDS = st.builds(
    lambda text, x, y, w, h: Word(text, Box(x, y, x + w, y + h), 0.5, "made"),
    st.sampled_from(["Nơi", "nhận", "CỘNG", "HÒA", "XÃ", "HỘI", "a", "12"]),
    st.integers(0, 900), st.integers(0, 1300), st.integers(1, 100), st.integers(1, 60),
)  # fmt: skip
LINES = st.lists(
    st.builds(
        lambda words, base, block: Line(tuple(words), base, block),
        st.lists(WORDS, min_size=1, max_size=5),
        st.none() | st.tuples(st.floats(0, 1400), st.floats(0, 1400)),
        st.integers(0, 3),
    ),
    max_size=12,
)


@given(LINES)
def test_no_word_is_lost_or_doubled(lines: list[Line]) -> None:
    """Whatever the boxes, the words are the same, and lines run left to right."""
    ordered = order(lines, WIDTH, HEIGHT)

    assert Counter(w for one in ordered for w in one.words) == Counter(
        w for one in lines for w in one.words
    )
    assert [one.block for one in ordered] == sorted(one.block for one in ordered)


def test_two_columns_are_named():
    """Head and foot by what stands in them, an empty page has neither."""
    assert two_columns((), 1000, 1400) == ()
