"""Values beside and below labels."""

import pytest

from pipeline.extraction.labels import Labels
from pipeline.extraction.layout import lay_out

NAMES = ["Họ tên", "Giới tính", "Dân tộc", "Nơi cư trú", "Họ tên mẹ", "Họ tên cha", "Năm sinh"]


@pytest.fixture
def values(make_page):
    """Read the values of one label from rows of text."""

    def read(rows, label, **options):
        labels = Labels(lay_out(make_page(rows)), NAMES)
        return [" / ".join(v.text for v in lines) for _, lines in labels.values([label], **options)]

    return read


def test_next_label_ends_a_value(values):
    """Several pairs stand on one line."""
    rows = [(0.1, 0.3, "Giới tính: Nữ Dân tộc: Kinh")]

    assert values(rows, "Giới tính") == ["Nữ"]
    assert values(rows, "Dân tộc") == ["Kinh"]


def test_leaders_alone_are_an_empty_form(values):
    """A label that nobody filled in gives nothing."""
    assert values([(0.1, 0.3, "Giới tính: ........... Dân tộc: ……")], "Giới tính") == []


def test_value_across_a_gap(values):
    """The engine may read label and value as two lines of one row."""
    rows = [(0.1, 0.3, "Họ tên:"), (0.5, 0.3, "Trần Văn An"), (0.1, 0.33, "Dân tộc: Kinh")]

    assert values(rows, "Họ tên") == ["Trần Văn An"]


def test_value_below(values):
    """Where the rule says so, a value stands under its label."""
    rows = [(0.1, 0.3, "Họ tên:"), (0.1, 0.33, "Trần Văn An")]

    assert values(rows, "Họ tên") == []
    assert values(rows, "Họ tên", below=True) == ["Trần Văn An"]


def test_long_value_goes_on(values):
    """A line that reaches the margin goes on below, up to the next label or item."""
    rows = [
        (0.1, 0.3, "Nơi cư trú: Số 118 hẻm 42 đường Nguyễn Đình Chiểu, phường An Hòa, thành phố"),
        (0.1, 0.32, "Long Bình, tỉnh Phú Tân"),
        (0.1, 0.34, "Dân tộc: Kinh"),
    ]
    (value,) = values(rows, "Nơi cư trú", lines=3)

    assert value.endswith("thành phố / Long Bình, tỉnh Phú Tân")


def test_sections_keep_mother_and_father_apart(values):
    """The same label stands in two sections."""
    rows = [
        (0.1, 0.30, "Họ tên mẹ: Lê Thị Hoa"),
        (0.1, 0.32, "Năm sinh: 1990"),
        (0.1, 0.34, "Họ tên cha: Võ Văn Tư"),
        (0.1, 0.36, "Năm sinh: 1988"),
    ]

    assert values(rows, "Năm sinh", after=["Họ tên mẹ"], before=["Họ tên cha"]) == ["1990"]
    assert values(rows, "Năm sinh", after=["Họ tên cha"]) == ["1988"]
    assert values(rows, "Năm sinh", after=["Họ tên con"]) == []


def test_words_in_running_text_are_no_label(values):
    """A sentence that names a label's words gives no value."""
    rows = [(0.1, 0.3, "Các trường hợp sai lệch họ tên và dân tộc phải được sửa")]

    assert values(rows, "Họ tên") == []
    assert values(rows, "Dân tộc") == []
