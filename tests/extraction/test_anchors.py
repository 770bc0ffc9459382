"""Rules of a schema find their lines."""

import pytest

from pipeline.extraction.anchors import candidates, find_title, read_paper
from pipeline.extraction.layout import lay_out
from pipeline.extraction.schemas import FieldSchema, Schema

BODY = (0.14, 0.30, "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;")


@pytest.fixture
def find(make_page):
    """Return (text, rule, value) of what one rule finds on a page of rows."""

    def run(rows, rule, kind="text", **options):
        one = FieldSchema("x", kind, (rule,), {"enum": (), "variants": {}, **options}, {})
        schema = Schema("t", "T", {"x": one}, frozenset())
        paper = read_paper((make_page(rows),), schema)
        return [(found.text, found.rule, found.value) for found in candidates(paper, one)]

    return run


def test_title_stands_alone_in_capitals(make_page):
    """The same words in the body are no title."""
    titles = ["GIẤY PHÉP XÂY DỰNG", "QUYẾT ĐỊNH"]
    page = lay_out(make_page([("c", 0.2, "GIẤY PHÉP XÂY DỰNG"), BODY]))
    body = lay_out(make_page([(0.1, 0.2, "QUYẾT ĐỊNH cấp giấy phép xây dựng cho ông Lộc"), BODY]))

    assert find_title(page, titles)[0] == "GIẤY PHÉP XÂY DỰNG"
    assert find_title(body, titles) is None


def test_title_over_two_lines(make_page):
    """A long title breaks."""
    rows = [("c", 0.2, "GIẤY TIẾP NHẬN HỒ SƠ"), ("c", 0.22, "VÀ HẸN TRẢ KẾT QUẢ"), BODY]
    title, lines, exact = find_title(
        lay_out(make_page(rows)), ["GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ"]
    )

    assert (title, len(lines), exact) == ("GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", 2, 1.0)


def test_exact_title_wins_over_a_slip(make_page):
    """THÔNG BÁO is one letter from THÔNG CÁO."""
    page = lay_out(make_page([("c", 0.2, "THÔNG BÁO"), BODY]))

    assert find_title(page, ["THÔNG CÁO", "THÔNG BÁO"])[0] == "THÔNG BÁO"


def test_block_ends_at_a_white_strip(find):
    """Lines below a wider gap belong to something else."""
    rows = [("c", 0.20, "Một hai ba"), ("c", 0.215, "bốn năm sáu"), ("c", 0.27, "bảy tám chín")]
    found = find(rows, {"rule": "block", "where": "anywhere"})

    assert found == [("Một hai ba\nbốn năm sáu", "block:anywhere", None)]


def test_block_ends_where_the_type_changes(find):
    """The authority in capitals under an abstract is no part of it."""
    rows = [("c", 0.20, "Về việc số hóa"), ("c", 0.215, "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH")]

    assert find(rows, {"rule": "block", "where": "anywhere"})[0][0] == "Về việc số hóa"


def test_block_starts_and_stops_at_phrases(find):
    """Phrases bound a block."""
    rows = [
        (0.1, 0.20, "Mở đầu"),
        (0.1, 0.215, "Về việc số hóa"),
        (0.1, 0.23, "hồ sơ"),
        (0.1, 0.245, "Kính gửi: A"),
    ]
    rule = {"rule": "block", "where": "anywhere", "starts": ["Về việc"], "stops": ["Kính gửi"]}

    assert find(rows, rule)[0][0] == "Về việc số hóa\nhồ sơ"


def test_last_person_signs(find):
    """The lowest name in the region is the signer's."""
    rows = [(0.6, 0.6, "CHỦ TỊCH"), (0.6, 0.7, "Trần Văn An"), (0.6, 0.8, "r 3M ọ N")]
    rule = {"rule": "block", "where": "anywhere", "shape": "person", "take": "last"}

    assert find(rows, rule)[0][0] == "Trần Văn An"


def test_line_must_have_the_phrase_and_shape(find):
    """An urgent tone in a sentence is no urgency stamp."""
    rule = {"rule": "line", "where": "anywhere", "has": ["KHẨN"], "shape": "capitals"}

    assert find([(0.1, 0.2, "V/v khẩn trương thực hiện")], rule) == []
    assert find([(0.1, 0.2, "KHẨN")], rule) == [("KHẨN", "line:anywhere", None)]


def test_phrase_gives_its_value(find):
    """A phrase at a line's start stands for a value."""
    rule = {"rule": "phrase", "phrases": ["V/v"], "value": "Công văn"}

    assert find([(0.1, 0.2, "V/v báo cáo")], rule)[0][2] == "Công văn"
    assert find([(0.1, 0.2, "theo V/v báo cáo")], rule) == []


def test_title_rule_gives_the_value_of_the_list(find):
    """A printed variant leads to the value."""
    options = {"enum": ("Giấy mời",), "variants": {"Giấy mời": ("THƯ MỜI",)}}

    assert (
        find([("c", 0.2, "THƯ MỜI"), BODY], {"rule": "title"}, "choice", **options)[0][2]
        == "Giấy mời"
    )


def test_label_inside_a_region_only(find):
    """A label elsewhere does not count when the rule names a region."""
    rows = [(0.1, 0.2, "Tên: An"), (0.1, 0.8, "Tên: Bình")]
    rule = {"rule": "label", "labels": ["Tên"], "where": [0.0, 0.5, 1.0, 1.0]}

    assert find(rows, rule) == [("Bình", "label:Tên", None)]
