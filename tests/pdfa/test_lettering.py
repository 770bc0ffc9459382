"""Tests of pipeline.pdfa.lettering: outlines for every Vietnamese letter."""

from __future__ import annotations

import unicodedata

import numpy as np
import pikepdf
import pypdfium2
import pytest

from pipeline.pdfa.lettering import letter

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
LETTERS = [unicodedata.normalize("NFC", v + t) for v in VOWELS for t in TONES] + ["đ"]


def draw(drawn, tmp_path):
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(drawn.width_pt, drawn.height_pt))
        pdf.pages[0].Contents = pdf.make_stream(drawn.content)
        pdf.save(tmp_path / "drawn.pdf")
    with pypdfium2.PdfDocument(tmp_path / "drawn.pdf") as reader:
        page = reader[0]
        picture = np.asarray(page.render(scale=4).to_pil().convert("L"))
        page.close()
    return picture


@pytest.mark.parametrize("case", [str.lower, str.upper])
def test_every_letter_has_its_own_outline(case):
    """No letter of Vietnamese is a box, and no two look the same."""
    drawn = [letter([case(char)], 10).content for char in LETTERS]

    assert len(set(drawn)) == len(LETTERS)
    assert letter(["☃"], 10).content not in drawn


def test_lines_stay_inside_their_size(tmp_path):
    """The highest and the lowest letters touch no edge."""
    picture = draw(letter(["Ấ Ẵ ợ ặ g", "Ữ (y)"], 10), tmp_path)

    assert picture.min() < 80
    assert picture[0].min() == picture[-1].min() == 255


def test_decomposed_text_is_drawn_the_same():
    """NFD and NFC give the same outlines."""
    assert letter([unicodedata.normalize("NFD", "Nguyễn")], 9) == letter(["Nguyễn"], 9)
