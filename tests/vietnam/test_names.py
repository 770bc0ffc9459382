"""Names of persons."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.vietnam.letters import fold
from pipeline.vietnam.names import mend_family_name, person_likeness, without_rank


@pytest.mark.parametrize("name", ["Nguyễn Văn An", "TRẦN THỊ BÌNH", "Thượng tướng Lê Văn Cường"])
def test_names_look_like_names(name):
    """A family name, a capital to each syllable."""
    assert person_likeness(name) >= 0.5


@pytest.mark.parametrize(
    "text",
    ["", "An", "PHÓ GIÁM ĐỐC SỞ Y TẾ TỈNH", "r 3M ọ N", "Kính gửi các", "Xqzt Wfgh", "12 An"],
)
def test_other_text_does_not(text):
    """Specks, offices and sentences are no names."""
    assert person_likeness(text) < 0.5


@pytest.mark.parametrize(
    ("printed", "mended"),
    [
        ("Nguyên Phước Bình", "Nguyễn Phước Bình"),
        ("TRÂN VĂN AN", "TRẦN VĂN AN"),
        ("Võ Văn Tư", "Võ Văn Tư"),
        ("Vo Văn Tư", "Võ Văn Tư"),
        ("Xa Văn Tư", "Xa Văn Tư"),
        ("Nguyên", "Nguyên"),
        ("", ""),
    ],
)
def test_family_name_gets_its_marks(printed, mended):
    """Only a common name, and only where one spelling fits."""
    assert mend_family_name(printed) == mended


def test_rank_before_a_name_is_not_the_name():
    """Degrees and military ranks stand before the name."""
    assert without_rank("ThS. BS. Lê Thị Hiền") == "Lê Thị Hiền"
    assert without_rank("Đại tá Lê Văn Cường") == "Lê Văn Cường"
    assert without_rank("Đại Lê") == "Đại Lê"


@given(st.text(max_size=40))
def test_mending_changes_marks_only(text):
    """A name keeps its letters."""
    assert fold(mend_family_name(text)) == fold(text)
    assert 0.0 <= person_likeness(text) <= 1.0


@pytest.mark.parametrize("title", ["QUYẾT ĐỊNH", "TỜ TRÌNH", "THÔNG BÁO", "BÁO CÁO", "GIẤY MỜI"])
def test_a_title_in_capitals_is_no_person(title: str) -> None:
    """A heading near the foot of a page must never be taken for the signer."""
    assert person_likeness(title) < 0.5


def test_an_office_is_no_name():
    """Offices stand in capitals above the name; where the name is lost they must not stand in."""
    assert person_likeness("PHÓ CHỦ TỊCH") == 0.0
    assert person_likeness("PHÓ ĐỨC CHÍNH") > 0.5
    assert person_likeness("TRƯƠNG VĂN NAM") > 0.5
