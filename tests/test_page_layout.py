"""The kind of a page, and what stands where on it."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from pipeline import imaging
from pipeline.box import Box
from pipeline.model import Code, Line, Measures, PageImage, Word
from pipeline.page_layout import page_layout
from pipeline.page_reading import Reading, read_page
from pipeline.recognition import reader
from pipeline.settings import Settings
from pipeline.trace import NO_TRACE

PX_MM = 150 / 25.4


def reading(text="", draw=lambda pen: None, width_mm=150):
    """Return a page on which these lines were read, as wide as told."""
    paper = Image.new("RGB", (1240, 1754), "white")
    draw(ImageDraw.Draw(paper))
    image = PageImage(np.asarray(paper), 150.0)
    lines = []
    for row, line in enumerate(text.splitlines()):
        words, step = line.split(), round(width_mm * PX_MM / max(1, len(line.split())))
        top = 150 + 45 * row
        lines.append(
            Line(
                tuple(
                    Word(word, Box(100 + k * step, top, 90 + (k + 1) * step, top + 28), 0.95, "x")
                    for k, word in enumerate(words)
                )
            )
        )
    return Reading(image, Measures(), tuple(lines), (), imaging.ink_copy(image))


def dotted(pen):
    for row in range(6):
        for x in range(200, 1000, 9):
            pen.rectangle((x, 400 + 60 * row, x + 2, 402 + 60 * row), fill="black")


def ruled(pen):
    for k in range(6):
        pen.line((150, 400 + 70 * k, 1050, 400 + 70 * k), fill="black", width=2)
        pen.line((150 + 180 * k, 400, 150 + 180 * k, 750), fill="black", width=2)


LETTER = "\n".join(["Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015"] * 8)
CARD = "CĂN CƯỚC CÔNG DÂN\nCitizen Identity Card\nSố 079201012345\nHọ và tên: NGUYỄN VĂN A"


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        (reading(LETTER), "text"),
        (reading(LETTER, dotted), "form"),
        (reading("TT Họ và tên Năm sinh Quê quán Ghi chú", ruled), "form"),
        (reading(CARD, width_mm=75), "id-card"),
        (reading(CARD, width_mm=170), "text"),
        (reading("BÌA HỒ SƠ\nHồ sơ số 12\nNăm 2019"), "cover"),
        (reading(LETTER + "\nHồ sơ số 12\n" + LETTER), "text"),
        (reading("một hai"), "unknown"),
    ],
    ids=["letter", "leaders", "empty table", "card", "about a card", "cover", "no cover", "few"],
)
def test_the_kind_of_a_page(page, kind):
    """Evidence that is hard to mistake, else unknown."""
    assert page_layout(page, ()).kind == kind


@pytest.mark.parametrize(
    ("text", "kind"), [("PATCHT", "separator"), ("079201012345|Nguyễn Văn A", "unknown")]
)
def test_a_separator_sheet_has_its_code_and_little_else(text, kind):
    """A code alone makes no separator, nor does the code on a page of text."""
    code = Code("Code128", text, Box(100, 100, 400, 200))

    assert page_layout(reading("một hai"), (code,)).kind == kind
    assert page_layout(reading(LETTER), (code,)).kind == "text"


def test_a_blank_page_has_nothing():
    """It was not read."""
    image = PageImage(np.full((400, 300, 3), 255, np.uint8), 50.0)

    assert page_layout(Reading(image, Measures(blank=True)), ()).kind == "blank"


def test_pictures_are_not_text():
    """A photograph and a plan have few words."""
    seed = np.random.default_rng(1).integers(40, 200, (12, 9, 3), np.uint8)
    photo = PageImage(cv2.resize(seed, (1240, 1754), interpolation=cv2.INTER_CUBIC), 150.0)

    def streets(pen):
        for k in range(8):
            pen.line((100, 200 + 150 * k, 1100, 260 + 130 * k), fill="black", width=4)
            pen.line((150 + 120 * k, 180, 190 + 110 * k, 1400), fill="black", width=3)

    assert page_layout(Reading(photo, Measures(), ink=imaging.ink_copy(photo)), ()).kind == "photo"
    assert page_layout(reading("Thửa 12", streets), ()).kind == "drawing"


def test_a_letter_as_it_is_read(draw_page):
    """Head in two columns, margins, the seal as a mark."""
    page = draw_page(dpi=200, prose=8, seal=True).image
    read = read_page(
        imaging.RawPage(number=1, image=page), Settings(), reader("balanced", "auto"), NO_TRACE
    )

    layout = page_layout(read, ())

    assert "head" in layout.two_columns
    assert layout.margins_mm is not None and layout.margins_mm.left > 10
    assert [mark.kind for mark in layout.marks] == ["seal"]
    assert layout.tables == ()
