"""Names of agencies in the head of a paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.vietnam.agencies import (
    begins_agency,
    mend_wording,
    split_agencies,
    symbol_names_agency,
)
from pipeline.vietnam.letters import fold


@pytest.mark.parametrize(
    ("lines", "agencies"),
    [
        (["UBND TỈNH KIÊN GIANG", "SỞ Y TẾ"], ["UBND TỈNH KIÊN GIANG", "SỞ Y TẾ"]),
        (["ỦY BAN NHÂN DÂN", "TỈNH QUẢNG NGÃI"], ["ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI"]),
        (["UY BAN NHAN DAN", "TINH A", "PHONG B"], ["UY BAN NHAN DAN TINH A", "PHONG B"]),
        (["CHI CỤC THUẾ KHU VỰC", "SÔNG CẦU"], ["CHI CỤC THUẾ KHU VỰC SÔNG CẦU"]),
        (["SỞ Y TẾ -", "CÔNG ĐOÀN NGÀNH"], ["SỞ Y TẾ - CÔNG ĐOÀN NGÀNH"]),
        ([" ", ""], []),
    ],
)
def test_lines_of_a_head_come_apart(lines, agencies):
    """An agency begins with its noun; other lines go on with the one above."""
    assert split_agencies(lines) == agencies


def test_noun_must_be_a_word():
    """SỞN is no SỞ."""
    assert begins_agency("SỞ Y TẾ")
    assert not begins_agency("SỞN LA")


@pytest.mark.parametrize(
    ("printed", "mended", "share"),
    [
        ("TÍNH QUANG NGAI", "TỈNH QUẢNG NGÃI", 1.0),
        ("UBNĐ TĨNH KIÊN GIANG", "UBND TỈNH KIÊN GIANG", 1.0),
        ("TINH HA TINH", "TỈNH HÀ TĨNH", 1.0),
        ("KT. CHU TICH", "KT. CHỦ TỊCH", 1.0),
        ("UBND XÃ HƯNG LỘC", "UBND XÃ HƯNG LỘC", 0.25),
    ],
)
def test_well_known_parts_get_their_marks(printed, mended, share):
    """Only what is equal but for marks to one wording is respelt."""
    assert mend_wording(printed) == (mended, share)


def test_hyphen_between_agencies_stays():
    """A hyphen belongs to no wording's edge."""
    assert mend_wording("SO Y TE - ABC")[0] == "SỞ Y TẾ - ABC"


@given(st.text(max_size=60))
def test_mending_changes_marks_only(text):
    """No letter is added or lost but its marks and case."""
    mended, share = mend_wording(text)

    letters = "".join(filter(str.isalnum, fold("".join(text.split()))))
    assert "".join(filter(str.isalnum, fold("".join(mended.split())))) == letters
    assert 0.0 <= share <= 1.0


@pytest.mark.parametrize(
    ("symbol", "agency"),
    [
        ("QĐ-SYT", "SỞ Y TẾ"),
        ("SGDĐT-CTrTT", "SỞ GIÁO DỤC VÀ ĐÀO TẠO"),
        ("TB-UBND", "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI"),
        ("GPXD-QLĐT", "PHÒNG QUẢN LÝ ĐÔ THỊ"),
        ("NĐ-CP", "CHÍNH PHỦ"),
        ("QĐ-TTg", "THỦ TƯỚNG CHÍNH PHỦ"),
        ("NQ-HĐND", "HỘI ĐỒNG NHÂN DÂN TỈNH"),
    ],
)
def test_symbol_names_its_agency(symbol, agency):
    """Initials in the symbol are those of who issues."""
    assert symbol_names_agency(symbol, [agency])
    assert not symbol_names_agency(symbol, ["KHO BẠC NHÀ NƯỚC", ""])
