"""Values and their evidence, from drawn pages."""

import pytest

from pipeline.extraction import check, classify, extract
from pipeline.model import Box, Code, Document

DOCUMENT = Document(())


@pytest.fixture
def read(schemas):
    """Read a page as an administrative document; field by name."""

    def read_page(page, doc_type="administrative-document"):
        schema = schemas.for_type(doc_type)
        fields, issues = check(extract((page,), schema), schema, DOCUMENT)
        return {field.name: field for field in fields}, {issue.code for issue in issues}

    return read_page


def replaced(rows, old, new, **options):
    return [
        (x, y, new, options) if text == old else (x, y, text, *rest) for x, y, text, *rest in rows
    ]


def rows_of(page):
    return [
        (line.box.left / page.width_px, line.box.bottom / page.height_px, line.text)
        for line in page.lines
    ]


def test_letter_gives_its_boxes(letter, read):
    """Every box of an official letter becomes a value, accepted."""
    fields, issues = read(letter)

    assert {name: field.value for name, field in fields.items()} == {
        "number": "487",
        "symbol": "SYT-NVY",
        "issued_date": "2023-12-05",
        "place": "Kiên Giang",
        "issuer.name": "SỞ Y TẾ",
        "issuer.parent": "UBND TỈNH KIÊN GIANG",
        "doc_kind": "Công văn",
        "abstract": "V/v nộp báo cáo",
        "signer.title": "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC",
        "signer.name": "Lê Thị Hiền",
    }
    assert {field.status for field in fields.values()} == {"accepted"}
    assert issues == set()


def test_field_carries_its_evidence(letter, read):
    """A reviewer finds the raw text and its place on the page."""
    number = read(letter)[0]["number"]

    assert number.raw == "487/SYT-NVY"
    assert number.page == 1
    assert number.box.left > 0.18 * letter.width_px
    assert (number.rule, number.engine, number.source) == ("line:number", "tesseract", "ocr")


def test_text_layer_is_named_as_source(make_page, letter, read):
    """A born-digital page is not said to be recognised."""
    fields, _ = read(make_page(rows_of(letter), engine="text-layer", confidence=1.0))

    assert fields["number"].source == "text"
    assert fields["abstract"].status == "accepted"


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("Số: 4€4( /SYT-NVY", None),
        ("Số: /SYT-NVY", None),
        ("Số: 2/13/SYT-NVY", None),
        ("Số: 48 7/SYT-NVY", "7"),
        ("Số: 487 /SYT-NVY", "487"),
    ],
)
def test_pen_written_number_is_never_accepted(make_page, letter, read, printed, value):
    """A number that does not hang together with its symbol was left for a pen."""
    rows = replaced(rows_of(letter), "Số: 487/SYT-NVY", printed)
    fields, _ = read(make_page(rows))

    assert fields["number"].status == "in_review"
    assert fields["number"].value in (value, None)
    assert fields["number"].raw
    assert fields["symbol"].value == "SYT-NVY"


def test_figures_higher_than_the_print_are_a_pen(make_page, letter, read):
    """A hand-written day is read with full confidence, and wrong."""
    day = "Kiên Giang, ngày 25 tháng 12 năm 2023"
    old = "Kiên Giang, ngày 05 tháng 12 năm 2023"
    fields, _ = read(make_page(replaced(rows_of(letter), old, day, tall=("25",))))

    assert fields["issued_date"].status == "in_review"
    assert fields["issued_date"].confidence <= 0.5


def test_unreadable_date_is_null_with_its_place(make_page, letter, read):
    """A guess is never made up from half a date."""
    old = "Kiên Giang, ngày 05 tháng 12 năm 2023"
    fields, issues = read(
        make_page(replaced(rows_of(letter), old, "Kiên Giang, ngày ÂJ tháng 12 năm 2023"))
    )

    assert fields["issued_date"].value is None
    assert fields["issued_date"].box is not None
    assert "field.unreadable" in issues


def test_missing_required_field_is_null(make_page, letter, read):
    """What a paper of the type must bear is asked for."""
    rows = [row for row in rows_of(letter) if not row[2].startswith("Số:")]
    fields, issues = read(make_page(rows))

    assert fields["number"].value is None
    assert fields["number"].status == "in_review"
    assert "field.missing" in issues


def test_motto_never_leaks_into_the_issuer(make_page, letter, read):
    """The engine may read both columns of the head as one line."""
    rows = [
        row
        for row in rows_of(letter)
        if not row[2].startswith(("CỘNG", "Độc lập", "UBND TỈNH", "SỞ Y TẾ"))
    ]
    rows.append((0.15, 0.07, "UBND TỈNH KIÊN GIANG CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"))
    rows.append((0.21, 0.085, "SỞ Y TẾ Độc lập - Tự do - Hạnh phúc"))
    fields, _ = read(make_page(rows))

    assert fields["issuer.parent"].value == "UBND TỈNH KIÊN GIANG"
    assert "CỘNG" not in fields["issuer.name"].value.upper()
    assert "HẠNH" not in fields["issuer.name"].value.upper()


def test_issuer_over_two_lines_with_lost_marks(make_page, letter, read):
    """Two lines are one agency, and a well-known name gets its marks back."""
    rows = replaced(rows_of(letter), "UBND TỈNH KIÊN GIANG", "ỦY BAN NHÂN DẦN")
    rows = replaced(rows, "SỞ Y TẾ", "TĨNH KIEN GIANG")
    rows = replaced(rows, "Số: 487/SYT-NVY", "Số: 487/UBND-NC")
    fields, _ = read(make_page(rows))

    assert fields["issuer.name"].value == "ỦY BAN NHÂN DÂN TỈNH KIÊN GIANG"
    assert fields["issuer.name"].raw == "ỦY BAN NHÂN DẦN\nTĨNH KIEN GIANG"
    assert fields["issuer.name"].status == "accepted"
    assert "issuer.parent" not in fields


def test_rules_and_specks_under_the_head_are_no_words(make_page, letter, read):
    """The line drawn under the issuer is read as dashes or letters."""
    rows = [*rows_of(letter), (0.22, 0.095, "——— ˆ"), (0.24, 0.152, "-----")]
    fields, _ = read(make_page(rows))

    assert fields["issuer.name"].value == "SỞ Y TẾ"
    assert fields["abstract"].value == "V/v nộp báo cáo"


def test_abstract_under_a_title_is_joined(make_page, read):
    """Lines under the title are one abstract, up to the authority or the body."""
    page = make_page(
        [
            (0.16, 0.07, "ỦY BAN NHÂN DÂN"),
            (0.16, 0.085, "TỈNH QUẢNG NGÃI"),
            (0.18, 0.12, "Số: 2851/QĐ-UBND"),
            (0.52, 0.07, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
            (0.56, 0.085, "Độc lập - Tự do - Hạnh phúc"),
            (0.54, 0.12, "Quảng Ngãi, ngày 16 tháng 10 năm 2023"),
            ("c", 0.17, "QUYẾT ĐỊNH"),
            ("c", 0.19, "Về việc phê duyệt kế hoạch số hóa hồ sơ giai đoạn 2024 -"),
            ("c", 0.207, "2026 trên địa bàn tỉnh"),
            ("c", 0.24, "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH"),
            (0.18, 0.27, "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;"),
        ]
    )
    fields, _ = read(page)

    assert fields["doc_kind"].value == "Quyết định"
    assert fields["abstract"].value == (
        "Về việc phê duyệt kế hoạch số hóa hồ sơ giai đoạn 2024 - 2026 trên địa bàn tỉnh"
    )
    assert fields["symbol"].value == "QĐ-UBND"


def test_code_comes_first(make_page, schemas):
    """A dossier code in a QR code is taken before anything printed."""
    code = Code("QRCode", "000.00.04.H09-231016-0001|1.004203|Nguyễn An", Box(9, 9, 90, 90))
    page = make_page([(0.1, 0.3, "Mã hồ sơ: 000.00.04.H09-231016-0007")], codes=(code,))
    fields = {field.name: field for field in extract((page,), schemas.base)}

    assert fields["dossier_code"].value == "000.00.04.H09-231016-0001"
    assert fields["dossier_code"].source == "qr"


def test_unknown_paper_still_gives_base_fields(make_page, schemas, read):
    """A type that nobody described is read with the base."""
    page = make_page(
        [
            ("c", 0.15, "ĐƠN XIN XÁC NHẬN"),
            (0.14, 0.30, "Họ và tên: Trần Văn Bình"),
            (0.14, 0.33, "Số định danh cá nhân: 074190001234"),
        ]
    )

    assert classify((page,), schemas).doc_type is None
    fields, _ = read(page, None)
    assert fields["owner.id"].value == "074190001234"
    assert fields["owner.name"].value == "Trần Văn Bình"


def test_nothing_on_the_page_is_no_failure(make_page, schemas):
    """A blank page has no fields."""
    assert extract((make_page([]),), schemas.base) == ()
    assert extract((), schemas.base) == ()


def test_same_pages_same_fields(letter, schemas):
    """Extraction is deterministic."""
    schema = schemas.for_type("administrative-document")

    assert extract((letter,), schema) == extract((letter,), schema)
