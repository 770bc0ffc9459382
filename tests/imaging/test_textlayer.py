"""The text that a page was born with, and what is not that."""

import numpy as np
import pytest

from pipeline.errors import UnreadableScan
from pipeline.imaging import read_text_layer, text_page_facts

SHADE = np.full((30, 20), 128, np.uint8)
TEXT = b"BT /F 12 Tf 20 200 Td (So 57) Tj ET"
STRIPS = b"q 200 0 0 150 0 150 cm /I0 Do Q q 200 0 0 150 0 0 cm /I0 Do Q "
STAMP = b"BT /F 4 Tf 20 80 Td " + b"(Signed by: the office of the province) Tj 0 -6 Td " * 5 + b"ET"
FULL_IMAGE = b"q 200 0 0 300 0 0 cm /I0 Do Q "


@pytest.mark.parametrize(
    ("content", "visible", "invisible", "share", "born"),
    [
        (b"", False, False, 0.0, False),
        (TEXT, True, False, 0.0, True),
        (FULL_IMAGE, False, False, 1.0, False),
        (FULL_IMAGE + b"3 Tr " + TEXT, False, True, 1.0, False),  # recognised by a scanner
        (FULL_IMAGE + b"7 Tr " + TEXT, False, True, 1.0, False),  # clips, paints nothing
        (b"3 Tr " + TEXT + b" q 80 0 0 75 0 0 cm /I0 Do Q", False, True, 0.1, False),
        (STRIPS + b"3 Tr " + TEXT, False, True, 1.0, False),  # a scan in strips
        (TEXT + b" " + STRIPS, True, False, 1.0, False),  # under them
        (FULL_IMAGE + STAMP, True, False, 1.0, False),  # a signature's stamp drawn into the page
        (TEXT + FULL_IMAGE, False, True, 1.0, False),  # painted over
        (FULL_IMAGE + TEXT, True, False, 1.0, False),  # a page number put on a scan
        (b"q 80 0 0 75 0 0 cm /I0 Do Q " + TEXT, True, False, 0.1, True),  # a logo
    ],
)
def test_visible_and_invisible_text_are_told_apart(
    make_pdf, content, visible, invisible, share, born
):
    """Only text to be seen, with no scan under it, makes a page born digital."""
    facts = text_page_facts(make_pdf({"content": content, "images": [SHADE]}), 0)

    assert (facts.has_visible_text, facts.has_invisible_text) == (visible, invisible)
    assert facts.image_share == pytest.approx(share, abs=0.02)
    assert facts.born_digital is born


def test_signature_stamps_are_not_the_pages_text(make_pdf):
    """The stamp of a signature on a scan does not make it a text page."""
    scan = {"content": FULL_IMAGE, "images": [SHADE], "stamp": (10, 10, 90, 50)}

    facts = text_page_facts(make_pdf(scan), 0)

    assert not facts.has_visible_text
    assert read_text_layer(make_pdf(scan), 0, 400, 600) == ()


def test_words_have_boxes_in_pixels_of_the_page(make_pdf):
    """Boxes lie where the words are drawn, origin top left."""
    first, second = read_text_layer(make_pdf({"content": TEXT}), 0, 400, 600)

    assert (first.text, second.text) == ("So", "57")
    assert (first.confidence, first.engine) == (1.0, "text-layer")
    assert first.box.left == pytest.approx(40, abs=3)
    assert first.box.bottom == pytest.approx(200, abs=3)  # (300 − 200) pt at 2 px a pt
    assert first.box.top == pytest.approx(183, abs=3)
    assert first.box.right < second.box.left


@pytest.mark.parametrize(
    ("rotate", "size", "corner"), [(90, (600, 400), (400, 40)), (270, (600, 400), (200, 360))]
)
def test_rotated_pages_turn_their_boxes(make_pdf, rotate, size, corner):
    """Boxes belong to the page as it is seen."""
    word = read_text_layer(make_pdf({"content": TEXT, "rotate": rotate}), 0, *size)[0]

    nearest = min(abs(word.box.left - corner[0]), abs(word.box.right - corner[0]))
    assert nearest <= 4
    assert min(abs(word.box.top - corner[1]), abs(word.box.bottom - corner[1])) <= 4


def test_the_crop_box_moves_boxes(make_pdf):
    """What is cropped away is neither seen nor counted."""
    pdf = make_pdf({"content": TEXT, "crop": (10, 150, 110, 250)})

    word = read_text_layer(pdf, 0, 200, 200)[0]

    assert (word.box.left, word.box.bottom) == (pytest.approx(20, abs=3), pytest.approx(100, abs=3))


def test_words_are_composed(make_pdf):
    """Letters written with combining marks come in NFC."""
    pdf = make_pdf({"content": b"BT /F 12 Tf 20 200 Td (e) Tj ET"})

    assert [word.text for word in read_text_layer(pdf, 0, 400, 600)] == ["ế"]


def test_a_page_that_is_not_there_is_an_error_of_ours(make_pdf):
    """The error names the file."""
    with pytest.raises(UnreadableScan):
        text_page_facts(make_pdf({}), 7)
