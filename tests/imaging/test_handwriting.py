"""Blue pen and long strokes are hand-writing; print, seals and signatures are not."""

import math

import numpy as np
import pytest
from PIL import Image, ImageDraw

from pipeline.imaging import find_handwriting
from pipeline.layout import Mark
from pipeline.model import Box, PageImage, Word

BLUE, BLACK, RED = (40, 60, 170), (20, 20, 20), (215, 45, 60)


def scanned(*draws):
    paper = Image.new("RGB", (1240, 1754), "white")
    pen = ImageDraw.Draw(paper)
    for top in range(200, 800, 60):
        pen.text((150, top), "Kính gửi: Ủy ban nhân dân tỉnh", fill=BLACK, font_size=26)
    for draw in draws:
        draw(pen)
    return PageImage(np.asarray(paper), 150.0)


def number(pen):
    pen.line([(400, 1000), (415, 1040), (430, 1000), (445, 1042), (470, 1005)], fill=BLUE, width=4)


def test_print_is_none():
    """Black print, a red seal and a red stamp."""
    page = scanned(lambda pen: pen.ellipse((600, 1200, 800, 1400), outline=RED, width=6))

    assert find_handwriting(page, (), ()) == ()


def test_a_number_in_blue_is_found():
    """Where it was written."""
    (box,) = find_handwriting(scanned(number), (), ())

    assert box.left < 405 and box.right > 465 and box.top < 1005 and box.bottom > 1038


def test_blue_print_is_none():
    """What the engine reads well is print, whatever its colour."""
    words = [Word("1945/SYT", Box(380, 990, 490, 1050), 0.96, "tesseract")]
    doubtful = [Word("49", Box(380, 990, 490, 1050), 0.4, "tesseract")]

    assert find_handwriting(scanned(number), (), words) == ()
    assert len(find_handwriting(scanned(number), (), doubtful)) == 1


def test_a_signature_is_a_mark():
    """And the tail beside it belongs to it."""
    mark = Mark("signature", Box(300, 980, 480, 1060), "blue")

    assert find_handwriting(scanned(number), (mark,), ()) == ()


def test_a_long_black_scrawl_is_found():
    """A note across the margin."""
    points = [
        (700 + 1.5 * t + 30 * math.sin(t / 3), 1200 + 50 * math.sin(t / 4)) for t in range(120)
    ]

    assert (
        len(find_handwriting(scanned(lambda pen: pen.line(points, fill=BLACK, width=4)), (), ()))
        == 1
    )


@pytest.mark.parametrize("sides", [(1, 1), (3, 900), (900, 3)])
def test_slivers_have_none(sides):
    """A page of a few pixels is no reason to fail."""
    assert find_handwriting(PageImage(np.full((*sides, 3), 255, np.uint8), 300.0), (), ()) == ()
