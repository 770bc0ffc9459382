"""Printed text as each kind reads it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extraction.patterns import KINDS


def read(kind, text, **options):
    reading = KINDS[kind].read(text, options)
    return None if reading is None else reading.value


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("text", "Bệnh viện Đa khoa……………", "Bệnh viện Đa khoa"),
        ("text", "………………", None),
        ("subject", "VX triển khai\nQuyết định", "V/v triển khai Quyết định"),
        ("subject", "Về việc thành lập", "Về việc thành lập"),
        ("subject", "đổi số 287/STC-\nHCSN", "đổi số 287/STC-HCSN"),
        ("name", "LÝ THỊ NGÂN........", "LÝ THỊ NGÂN"),
        ("name", "Nguyên Văn An", "Nguyễn Văn An"),
        ("name", "Nhà số 12", None),
        ("date", "16/10/2023", "2023-10-16"),
        ("date", "ngày ... tháng 10 năm 2023", None),
        ("civil-number", "125/2023", "125/2023"),
        ("cccd", "CCCD số 074190001234, cấp", "074190001234"),
        ("cccd", "1234", None),
        ("mst", "0100233488", "0100233488"),
        ("phone", "0274 3822 825", "02743822825"),
        ("money", "75.000 đồng (bảy mươi lăm nghìn đồng)", 75000),
        ("quantity", "274,35 m2", 274.35),
        ("quantity", "1.284 m²", 1284),
        ("quantity", "2.22 lần", 2.22),
        ("quantity", "không", None),
        ("dossier-code", "000.00.04.H09-231016-0001", "000.00.04.H09-231016-0001"),
        ("ap-code", "1.004203.000.00.00.H09", "1.004203.000.00.00.H09"),
        ("position", "KT. CHU TICH\nPHÓ CHỦ TỊCH", "KT. CHỦ TỊCH PHÓ CHỦ TỊCH"),
        ("position", "GIÁ", None),
    ],
)
def test_kind_reads(kind, text, value):
    """Each kind turns what is printed into its value."""
    assert read(kind, text) == value


def test_choice_takes_a_variant():
    """A printed form leads to the value of the list."""
    options = {"enum": ["HỎA TỐC", "KHẨN"], "variants": {"HỎA TỐC": ["HOẢ TỐC HẸN GIỜ"]}}

    assert read("choice", "hoả tốc hẹn giờ", **options) == "HỎA TỐC"
    assert read("choice", "khẩn trương", **options) == "KHẨN"
    assert read("choice", "thường", **options) is None


def test_agencies_come_apart():
    """The last agency of a head issues, the others stand above it."""
    head = "ỦY BAN NHÂN DÂN\nTHÀNH PHỐ LONG BÌNH\nPHÒNG QUẢN LÝ ĐÔ THỊ"

    assert read("agency", head, part="name") == "PHÒNG QUẢN LÝ ĐÔ THỊ"
    assert read("agency", head, part="parent") == "ỦY BAN NHÂN DÂN THÀNH PHỐ LONG BÌNH"


def test_place_before_the_date():
    """A province gets its marks back; another place stays as printed."""
    assert read("place", "Kien Giang, ngày 2", part="before-date") == "Kiên Giang"
    assert read("place", "Mỹ Phước Tây, ngày06", part="before-date") == "Mỹ Phước Tây"
    assert read("place", "Bình Lâm, ngữ tháng 9", part="before-date") == "Bình Lâm"
    assert read("place", "tháng 01 năm 2025", part="before-date") is None


@given(st.sampled_from(sorted(KINDS)), st.text(max_size=80))
def test_no_text_breaks_a_kind(kind, text):
    """OCR text is untrusted: any kind reads any text, and its place lies in the text."""
    for part in ("number", "symbol", "name", "parent", "before-date"):
        reading = KINDS[kind].read(text, {"part": part, "enum": ("a",), "variants": {}})
        if reading is not None:
            start, end = reading.span
            assert 0 <= start <= end
            assert reading.value not in ("", None)
