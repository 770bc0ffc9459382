"""The type of a paper, or none."""

import pytest

from pipeline.extraction import classify

MOTTO = [
    (0.52, 0.07, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (0.56, 0.085, "Độc lập - Tự do - Hạnh phúc"),
]


def test_official_letter_has_no_title(letter, schemas):
    """A letter is known by its subject and addressee."""
    assert classify((letter,), schemas).doc_type == "administrative-document"


@pytest.mark.parametrize(
    ("title", "doc_type"),
    [
        ("QUYẾT ĐỊNH", "administrative-document"),
        ("GIẢY MỜI", "administrative-document"),
        ("GIẤY KHAI SINH", "birth-certificate"),
        ("GIẤY PHÉP XÂY DỰNG", "building-permit"),
        ("GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "receipt-slip"),
        ("GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP", None),
        ("ĐƠN XIN NGHỈ PHÉP", None),
    ],
)
def test_title_tells(make_page, schemas, title, doc_type):
    """A title that nobody described gives no type."""
    page = make_page([*MOTTO, ("c", 0.2, title), (0.14, 0.5, "Nội dung của giấy tờ này.")])

    assert classify((page,), schemas).doc_type == doc_type


def test_words_of_a_title_in_the_body_do_not_tell(make_page, letter, schemas):
    """A letter about building permits is a letter."""
    rows = [
        (line.box.left / letter.width_px, line.box.bottom / letter.height_px, line.text)
        for line in letter.lines
    ]
    rows.append((0.14, 0.3, "Về việc cấp GIẤY PHÉP XÂY DỰNG cho ông Lộc, Sở Xây dựng trả lời."))

    assert classify((make_page(rows),), schemas).doc_type == "administrative-document"


def test_evidence_is_told(letter, schemas):
    """A reviewer sees why."""
    found = classify((letter,), schemas)

    assert "phrase: V/v" in found.evidence
    assert 0.6 <= found.confidence <= 1


def test_first_page_with_text_decides(make_page, letter, schemas):
    """A blank sheet before the paper does not matter."""
    assert classify((make_page([]), letter), schemas) == classify((letter,), schemas)


@pytest.mark.parametrize("pages", [(), "blank"])
def test_nothing_to_read_is_unknown(make_page, schemas, pages):
    """No text, no type."""
    pages = (make_page([]),) if pages else ()

    assert classify(pages, schemas).doc_type is None
