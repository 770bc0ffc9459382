"""A page comes apart into head, title, body and foot."""

import pytest

from pipeline.extraction.layout import REGIONS, is_capitals, is_number_line, lay_out, starts_body


def texts(sheet, region):
    return [passage.text for passage in sheet.region(region)]


def test_head_has_two_columns(letter):
    """The issuer stands left, the motto right, number and date under them."""
    sheet = lay_out(letter)

    assert texts(sheet, "issuer") == ["UBND TỈNH KIÊN GIANG", "SỞ Y TẾ"]
    assert texts(sheet, "number") == ["Số: 487/SYT-NVY"]
    assert texts(sheet, "subject") == ["V/v nộp báo cáo"]
    assert texts(sheet, "date") == ["Kiên Giang, ngày 05 tháng 12 năm 2023"]


def test_foot_has_two_columns(letter):
    """Recipients stand left, who signs right."""
    sheet = lay_out(letter)

    assert texts(sheet, "foot-left") == ["Nơi nhận:", "- Như trên;"]
    assert texts(sheet, "foot-right") == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Lê Thị Hiền"]


def test_signing_stamps_stand_above_the_head(make_page, letter):
    """What a signing program prints at the top belongs to no box of the head."""
    rows = [
        (0.15, 0.02, "Ký bởi: Ủy ban nhân dân tỉnh"),
        (0.15, 0.03, "Thời gian ký: 07/01/2025 10:09:57"),
    ]
    rows += [
        (line.box.left / letter.width_px, line.box.bottom / letter.height_px, line.text)
        for line in letter.lines
    ]

    assert texts(lay_out(make_page(rows)), "issuer") == ["UBND TỈNH KIÊN GIANG", "SỞ Y TẾ"]


def test_gap_left_for_a_pen_keeps_the_line_whole(make_page):
    """`Số:` and `/TB-UBND` are one line, and so are place and month."""
    sheet = lay_out(
        make_page(
            [
                (0.16, 0.07, "ỦY BAN NHÂN DÂN"),
                (0.52, 0.07, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
                (0.18, 0.12, "Số:"),
                (0.27, 0.12, "/TB-UBND"),
                (0.50, 0.12, "Quảng Ngãi, ngày"),
                (0.70, 0.12, "tháng 01 năm 2025"),
            ]
        )
    )

    assert texts(sheet, "number") == ["Số: /TB-UBND"]
    assert texts(sheet, "date") == ["Quảng Ngãi, ngày tháng 01 năm 2025"]


def test_date_in_the_body_is_no_date_of_the_head(make_page):
    """A line across the page is not place and date."""
    sheet = lay_out(
        make_page(
            [(0.14, 0.3, "Căn cứ Nghị định ngày 05 tháng 3 năm 2020 của Chính phủ về công tác")]
        )
    )

    assert texts(sheet, "date") == []


@pytest.mark.parametrize("region", [*REGIONS, (0.0, 0.0, 1.0, 1.0)])
def test_empty_page_has_empty_regions(make_page, region):
    """A page without text has all regions, all empty."""
    assert lay_out(make_page([])).region(region) == []


def test_region_as_shares(letter):
    """A region may be given as shares of the page."""
    assert texts(lay_out(letter), (0.0, 0.0, 0.5, 0.09)) == ["UBND TỈNH KIÊN GIANG", "SỞ Y TẾ"]


def test_rows_join_what_stands_side_by_side(letter):
    """Rows serve labels; the columns of the head are no matter there."""
    assert (
        lay_out(letter).rows()[0].text == "UBND TỈNH KIÊN GIANG CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    )


@pytest.mark.parametrize(
    "text", ["Số: 12/QĐ-UBND", "Sô:«j“Ï. /CT-UBND", "_Số: 7A /SYT", "sé:203L /TB"]
)
def test_number_line_is_known_by_its_label(text):
    """The label is enough, readable number or not."""
    assert is_number_line(text)


def test_small_judgements():
    """Capitals forgive a slip; the body begins with its usual words."""
    assert is_capitals("TỈNH QUẢNG NGÃi")
    assert not is_capitals("Quảng Ngãi")
    assert not is_capitals("12/3")
    assert starts_body("Căn cứ Luật")
    assert not starts_body("Về việc")
