"""Which way up a page stands."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.errors import ToolMissing
from pipeline.model import PageImage
from pipeline.recognition import tesseract
from pipeline.recognition.orientation import measure_turns

SENTENCES = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6",
    "Theo đề nghị của Trưởng phòng Nội vụ huyện tại Tờ trình số",
    "Quyết định phê duyệt kế hoạch số hóa hồ sơ tài liệu lưu trữ",
    "Chánh Văn phòng Hội đồng nhân dân và Ủy ban nhân dân huyện",
    "Kinh phí thực hiện được trích từ nguồn ngân sách sự nghiệp",
    "Hồ sơ cấp giấy chứng nhận quyền sử dụng đất và nhà ở riêng",
)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_the_turns_set_the_page_upright(draw, turns: int) -> None:
    """Turning the page anticlockwise by the answer makes it readable."""
    page = draw([(text, 40, 40 + 40 * n) for n, text in enumerate(SENTENCES)], size_mm=(150, 70))
    lying = PageImage(np.ascontiguousarray(np.rot90(page.pixels, -turns)), page.dpi)

    measured, confidence = measure_turns(lying)

    assert measured == turns
    assert confidence > 2


def test_a_page_with_few_letters_is_left_alone(draw) -> None:
    """No letters, no opinion."""
    assert measure_turns(draw([])) == (0, 0.0)
    assert measure_turns(draw([("12", 300, 100)])) == (0, 0.0)


def test_a_missing_tesseract_is_no_opinion_but_an_error(draw, monkeypatch) -> None:
    """The operator must install it."""
    monkeypatch.setattr(tesseract.pytesseract.pytesseract, "tesseract_cmd", "/none/tesseract")

    with pytest.raises(ToolMissing, match="tesseract-ocr"):
        measure_turns(draw([]))
