"""The text of each font of a PDF."""

import pytest

from pipeline.errors import UnreadableScan
from pipeline.imaging import texts_by_font

TWO = b"BT /F 12 Tf 20 200 Td (So 57) Tj ET BT /F 12 Tf 20 100 Td (trang hai) Tj ET"


def test_words_are_apart_and_each_font_has_its_own(make_pdf, write_text_pdf, tmp_path):
    """Runs end at white space, at the end of a line, and where another font begins."""
    assert texts_by_font(make_pdf({"content": TWO}), "a", 1) == {"Helvetica": "So 57 trang hai"}
    pdf = write_text_pdf(tmp_path / "b.pdf", ["Số 57", "hai"], name="ABCDEF+.VnTime", pages=2)
    assert texts_by_font(pdf, "b", 1) == {"ABCDEF+.VnTime": "Số 57 hai"}
    assert texts_by_font(pdf, "b", 9) == {"ABCDEF+.VnTime": "Số 57 hai Số 57 hai"}


def test_no_text_no_fonts(make_pdf):
    """A scan has none."""
    assert texts_by_font(make_pdf({}), "a", 1) == {}


def test_what_is_no_pdf_is_an_error_of_the_scan(tmp_path):
    """The error names the file."""
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 broken")

    with pytest.raises(UnreadableScan):
        texts_by_font(tmp_path / "a.pdf", "a.pdf", 1)
