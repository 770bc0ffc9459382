"""White gutters between columns."""

from __future__ import annotations

from pipeline.recognition.gutters import Gutters, is_centred, is_prose, sides, text_beside
from pipeline.recognition.rows import Row, rows_of

GUTTERS = Gutters(width_px=1000, em=20.0)


def _row(*lines) -> Row:  # type: ignore[no-untyped-def]
    (row,) = rows_of(lines)
    return row


def test_gaps_lie_inside_the_band(line) -> None:
    """Blanks between words and the margins of the page are no gutters."""
    row = _row(line("ỦY BAN NHÂN DÂN", 100, 0), line("CỘNG HÒA", 520, 0))

    assert GUTTERS.gaps(row) == [(235.0, 520.0), (595.0, 750.0)]


def test_a_shared_gap_shrinks_until_it_is_gone(line) -> None:
    """A gutter is free in all rows; a title across it ends it."""
    gap = (300.0, 500.0)

    assert GUTTERS.shared(gap, _row(line("Số: 12", 250, 0))) == (305.0, 500.0)
    assert GUTTERS.shared(gap, _row(line("QUYẾT ĐỊNH VÀ ĐIỀU KHOẢN", 305, 0))) is None


def test_text_on_both_sides(line) -> None:
    """The row's words are told apart by the gap."""
    row = _row(line("Nơi nhận:", 100, 0), line("GIÁM ĐỐC", 600, 0))

    assert text_beside(row, (200.0, 590.0)) == ("Nơi nhận:", "GIÁM ĐỐC")
    left, right = sides([row], 400.0)
    assert ([one.text for one in left], [one.text for one in right]) == (
        ["Nơi nhận:"],
        ["GIÁM ĐỐC"],
    )


def test_placement_in_a_column(line) -> None:
    """Near, under and centred are measured in line heights and column widths."""
    column = [line("ỦY BAN NHÂN DÂN", 100, 0), line("HUYỆN", 150, 30)]

    assert GUTTERS.is_near([line("Số: 12", 150, 60)], column, 1.9)
    assert not GUTTERS.is_near([line("Số: 12", 150, 160)], column, 1.9)
    assert GUTTERS.is_near([line("Số: 12", 150, 160)], [], 1.9)
    assert GUTTERS.is_under([line("Số: 12", 150, 60)], column)
    assert not GUTTERS.is_under([line("1. Họ, chữ đệm, tên của người", 100, 60)], column)
    assert is_centred([line("HUYỆN", 150, 30)], column)
    assert not is_centred([line("HUYỆN", 260, 30)], column)


def test_running_text_fills_its_column(line) -> None:
    """Cells of a table stand apart."""
    prose = [line("một hai ba bốn năm", 0, 30 * n) for n in range(6)]
    cells = [line("một      hai ba bốn năm", 0, 30 * n) for n in range(6)]

    assert is_prose(prose, 0.7, 20.0)
    assert not is_prose(cells, 0.7, 20.0)
