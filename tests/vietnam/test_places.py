"""Provinces of both eras."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.vietnam.places import (
    REFORM,
    cccd_place,
    expand_units,
    find_province,
    province_by_code,
    provinces,
    successor,
)

BEFORE = date(2025, 6, 30)


def test_the_reform_leaves_34_of_63() -> None:
    """The era changes on 1 July 2025, and each old province has a successor of today."""
    old, new = provinces(BEFORE), provinces(REFORM)

    assert (len(old), len(new)) == (63, 34)
    assert {successor(province) for province in old} == set(new)
    assert provinces() == new


def test_codes_are_unique_in_an_era() -> None:
    """Two digits name one province."""
    for era in (provinces(BEFORE), provinces(REFORM)):
        assert len({province.code for province in era}) == len(era)
        assert all(len(province.code) == 2 for province in era)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Bình Dương", "Hồ Chí Minh"),
        ("Hà Giang", "Tuyên Quang"),
        ("Long An", "Tây Ninh"),
        ("Kiên Giang", "An Giang"),
        ("Bình Định", "Gia Lai"),
        ("Thừa Thiên Huế", "Huế"),
    ],
)
def test_merged_provinces(old: str, new: str) -> None:
    """Quyết định 19/2025/QĐ-TTg: who went into whom."""
    province = find_province(old, BEFORE)

    assert province is not None
    assert successor(province).name == new


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("TP.HCM", "79"),
        ("T.P Hồ Chí Minh", "79"),
        ("TỈNH TAY NINH", "80"),
        ("Bà Rịa – Vũng Tàu", "77"),
        ("tỉnh Tiền Giang.", "82"),
        ("Đăk Lăk", "66"),
        ("Thành phố Huế", "46"),
    ],
)
def test_printed_names_are_found(text: str, code: str) -> None:
    """Short names, other spellings, lost marks."""
    province = find_province(text)

    assert province is not None
    assert province.code == code


def test_an_old_name_keeps_its_era() -> None:
    """Bình Dương exists before the reform only."""
    assert find_province("Bình Dương", REFORM) is None
    assert find_province("Bình Dương", BEFORE) == find_province("Bình Dương")
    assert find_province("huyện Phú Giáo") is None
    assert find_province("") is None


def test_kinds() -> None:
    """Huế became a city; its older name was a province."""
    assert [p.full_name for p in provinces() if p.kind == "Thành phố"] == [
        "Thành phố Hà Nội", "Thành phố Hải Phòng", "Thành phố Huế", "Thành phố Đà Nẵng",
        "Thành phố Hồ Chí Minh", "Thành phố Cần Thơ",
    ]  # fmt: skip
    hue = province_by_code("46", BEFORE)
    assert hue is not None
    assert hue.full_name == "Tỉnh Thừa Thiên Huế"
    assert province_by_code("74", REFORM) is None


def test_place_codes_of_personal_ids() -> None:
    """Three digits name the province of the birth registration."""
    assert cccd_place("074") == "Bình Dương"
    assert cccd_place("079") == "Hồ Chí Minh"
    assert cccd_place("003") is None


def test_short_units_are_written_out() -> None:
    """An address can be compared in full words."""
    assert expand_units("12 Đ. Lê Lợi, P. An Hòa, TP.Long Bình, H.Phú Giáo") == (
        "12 đường Lê Lợi, phường An Hòa, thành phố Long Bình, huyện Phú Giáo"
    )
