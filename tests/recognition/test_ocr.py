"""Reading a page with Tesseract, and its hOCR."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.errors import ToolCrashed, ToolMissing
from pipeline.recognition import ocr, tesseract

HOCR = """<?xml version="1.0" encoding="UTF-8"?>
<html xmlns="http://www.w3.org/1999/xhtml"><body><div class='ocr_page'>
<p class='ocr_par' lang='vie'>
 <span class='ocr_line' title="bbox 100 50 400 90; baseline 0.01 -8; x_size 40">
  <span class='ocrx_word' title='bbox 100 52 180 84; x_wconf 96'>QUYẾT</span>
  <span class='ocrx_word' title='bbox 190 50 300 90; x_wconf 91'>Ð{invisible}ỊNH&amp;</span>
  <span class='ocrx_word' title='bbox 310 50 312 90; x_wconf 95'>|</span>
  <span class='ocrx_word' title='bbox 320 50 325 56; x_wconf 12'>~</span>
  <span class='ocrx_word' title='bbox 390 50 990 90; x_wconf 80'>dài</span>
 </span>
</p>
<p class='ocr_par'><span class='ocr_textfloat' title="bbox 0 95 50 99; baseline 0 9999">
  <span class='ocrx_word' title='bbox 0 95 50 99; x_wconf 0'> </span></span>
 <span class='ocr_header' title="bbox 10 200 60 230">
  <span class='ocrx_word' title='bbox 10 200 60 230; x_wconf 150'>trang</span></span>
</p></div></body></html>"""


def test_hocr_becomes_lines_of_clean_words() -> None:
    """NFC, Đ for eth, no invisible character, no rule or speck; boxes inside the page."""
    hocr = HOCR.replace("{invisible}", "\u200b").encode()
    first, second = ocr.lines_of_hocr(hocr, 500, 300)

    assert [word.text for word in first.words] == ["QUYẾT", "ĐỊNH&", "dài"]
    assert first.words[2].box.right == 500
    assert [word.confidence for word in first.words] == [0.96, 0.91, 0.8]
    assert (second.text, second.words[0].confidence) == ("trang", 1.0)
    assert (first.block, second.block) == (0, 1)


def test_the_baseline_follows_slope_and_offset() -> None:
    """hOCR counts it from the bottom left corner of the line."""
    first, second = ocr.lines_of_hocr(HOCR.replace("{invisible}", "").encode(), 500, 300)

    assert first.baseline == (82.0, 86.0)
    assert second.baseline is None


def test_broken_hocr_is_the_tools_fault() -> None:
    """Nothing is guessed from half an answer."""
    with pytest.raises(ToolCrashed, match="hOCR"):
        ocr.lines_of_hocr(b"<html><body>", 10, 10)


def test_a_drawn_line_is_read(draw) -> None:
    """Real Tesseract reads marks, figures and codes; words lie on the letters."""
    page = draw([("Số: 2847/QĐ-UBND ngày 17 tháng 9", 60, 60), ("Phòng Nội vụ huyện", 60, 140)])
    gray = cv2.cvtColor(page.pixels, cv2.COLOR_RGB2GRAY)
    lines = ocr.read_page(gray, page.dpi, language=ocr.available_language())

    assert [line.text for line in lines] == [
        "Số: 2847/QĐ-UBND ngày 17 tháng 9",
        "Phòng Nội vụ huyện",
    ]
    for line in lines:
        for word in line.words:
            box = word.box
            assert gray[box.top : box.bottom, box.left : box.right].min() < 128
            assert 0.5 < word.confidence <= 1
        assert line.baseline is not None
        assert line.box.top < line.baseline[0] <= line.box.bottom + 1


def test_white_paper_has_no_lines() -> None:
    """A page without ink is read without an error."""
    white = np.full((300, 400), 255, np.uint8)

    assert ocr.read_page(white, 150, language=ocr.available_language()) == ()


def test_the_best_installed_model_is_taken(monkeypatch) -> None:
    """The bigger Vietnamese net comes first, `vie` is the fallback."""
    monkeypatch.setattr(tesseract, "installed_models", lambda: ("eng", "osd", "vie"))
    assert ocr.language("auto") == "vie"
    monkeypatch.setattr(tesseract, "installed_models", lambda: ("Vietnamese", "osd", "vie"))
    assert ocr.language("auto") == "Vietnamese"
    assert ocr.language("vie") == "vie"
    assert ocr.check_alphabet() == "Vietnamese"


def test_a_missing_model_names_its_package(monkeypatch) -> None:
    """The operator learns what to install."""
    monkeypatch.setattr(tesseract, "installed_models", lambda: ("eng",))

    with pytest.raises(ToolMissing, match="tesseract-ocr-script-viet"):
        ocr.available_language()
    with pytest.raises(ToolMissing, match="tesseract-ocr-vie"):
        ocr.language("vie")


def test_a_model_without_vietnamese_is_refused(monkeypatch) -> None:
    """English letters would read every name wrongly; the orientation model is needed too."""
    monkeypatch.setattr(tesseract, "installed_models", lambda: ("eng", "vie"))

    with pytest.raises(ToolMissing, match="letters"):
        ocr.check_alphabet("eng")
    with pytest.raises(ToolMissing, match="tesseract-ocr-osd"):
        ocr.check_alphabet("vie")
