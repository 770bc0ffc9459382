"""Lines on one visual row."""

from __future__ import annotations

from dataclasses import replace

from pipeline.model import Line
from pipeline.recognition.rows import cut, joined, line_height, rows_of


def test_halves_of_a_line_form_one_row(line) -> None:
    """What the engine split at a wide gap is joined again, left to right."""
    left, right = line("Giới tính: Nữ", 100, 200), line("Dân tộc: Thái", 600, 203)
    rows = rows_of([right, line("dưới", 100, 240), left])

    assert [row.words[0].text for row in rows] == ["Giới", "dưới"]
    assert joined(rows[0].lines).text == "Giới tính: Nữ Dân tộc: Thái"


def test_lines_one_below_the_other_stay_apart(line) -> None:
    """Lines that overlap across never share a row, however close they are set."""
    rows = rows_of([line("một hai", 100, 200), line("ba bốn", 100, 212)])

    assert [row.words[0].text for row in rows] == ["một", "ba"]


def test_a_slanting_row_is_followed_by_its_baseline(line) -> None:
    """On a curled page two parts meet in height where they meet across."""
    left = replace(line("bên trái", 100, 200), baseline=(216.0, 226.0))
    right = replace(line("bên phải", 400, 214), baseline=(228.0, 236.0))

    assert len(rows_of([left, right])) == 1


def test_lines_without_baseline_are_compared_by_their_boxes(line) -> None:
    """Half of the lower line's height must be shared."""
    left, right = line("trái", 100, 200), line("phải", 400, 208)
    bare = [Line(one.words) for one in (left, right)]

    assert len(rows_of(bare)) == 1
    assert len(rows_of([bare[0], Line(line("phải", 400, 213).words)])) == 2


def test_a_cut_line_keeps_its_words_and_baseline(line) -> None:
    """Each word goes to the side of its middle; the baseline is followed."""
    whole = replace(line("ỦY BAN  CỘNG HÒA", 100, 200, block=3), baseline=(210.0, 220.0))
    left, right = cut(whole, 165)

    assert left is not None
    assert right is not None
    assert (left.text, right.text) == ("ỦY BAN", "CỘNG HÒA")
    assert left.words + right.words == whole.words
    assert left.baseline is not None
    assert right.baseline is not None
    assert 210 == left.baseline[0] < left.baseline[1] < right.baseline[0] < right.baseline[1] == 220
    assert left.block == 3
    assert cut(whole, 0) == (None, whole)
    assert cut(whole, 9_999) == (whole, None)


def test_the_line_height_is_a_median(line) -> None:
    """No lines have a height that does not divide by zero."""
    assert line_height([]) == 1.0
    assert line_height([line("a", 0, 0)] * 3) == 20.0
