"""Phrases are found in spite of slips, never in other words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extraction.phrases import begins, find_all, same

LABELS = ["Số", "Số định danh cá nhân", "Họ, chữ đệm, tên", "Họ, chữ đệm, tên người mẹ", "Dân tộc"]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Họ, chữ đệm, tên người mẹ: A", "Họ, chữ đệm, tên người mẹ"),
        ("Ho chu dem ten nguoi me: A", "Họ, chữ đệm, tên người mẹ"),
        ("Họ, chữđệm, tên nguời me", "Họ, chữ đệm, tên người mẹ"),
        ("Sổ định đanh cá nhân", "Số định danh cá nhân"),
        ("Số: 12", "Số"),
    ],
)
def test_the_longest_label_wins(text, phrase):
    """A label inside a longer label is not taken for it."""
    assert [hit.phrase for hit in find_all(text, LABELS)] == [phrase]


@pytest.mark.parametrize(
    "text", ["", "Sở Tư pháp huyện", "Soạn thảo", "định danh", "dân tọc thiểu"]
)
def test_other_words_are_no_label(text):
    """Short phrases forgive no slip, long ones one letter in eight."""
    found = [hit.phrase for hit in find_all(text, ["Số định danh cá nhân", "Số lượng", "V/v"])]

    assert found == []


def test_place_of_a_phrase_is_that_in_the_text():
    """A hit says where the phrase stands in the printed text."""
    (hit,) = find_all("1. Cấp cho ông (bà): Lộc", ["Cấp cho ông (bà)"])

    assert "1. Cấp cho ông (bà): Lộc"[hit.start : hit.end] == "Cấp cho ông (bà"
    assert hit.exact


def test_a_line_begins_with_a_phrase():
    """Specks before the phrase do not matter, words do."""
    assert begins("“V/v báo cáo", ["V/v"])
    assert not begins("theo V/v báo cáo", ["V/v"])


@pytest.mark.parametrize(
    ("text", "least"),
    [("QUYÉT ĐỊNH", 1.0), ("QUYẾTĐỊNH.", 1.0), ("QUYET DlNH", 0.9), ("QUY ĐỊNH", 0)],
)
def test_whole_text_is_the_phrase(text, least):
    """Marks and spaces do not matter, one slip does a little."""
    assert same(text, "QUYẾT ĐỊNH") >= least


@given(st.text(max_size=60))
def test_a_phrase_is_always_found_in_itself(text):
    """Whatever stands around a label, it is found when a word's end is on both sides."""
    assert "Dân tộc" in [hit.phrase for hit in find_all(f"Dân tộc : {text}", ["Dân tộc"])]


def test_a_phrase_takes_no_word_of_the_value():
    """The last word of a long phrase may be missing; what stands there is not eaten."""
    text = "Thời gian giải quyết hồ sơ theo quy định: 10 ngày làm việc"
    (hit,) = find_all(text, ["Thời gian giải quyết hồ sơ theo quy định là"])

    assert text[hit.end :] == ": 10 ngày làm việc"
