"""Seals, stamps and signatures are found, named and coloured."""

import math

import numpy as np
import pytest
from PIL import Image, ImageDraw

from pipeline.imaging.marks import find_marks
from pipeline.model import PageImage

DPI = 150.0
RED, BLACK, BLUE = (215, 45, 60), (25, 25, 25), (40, 50, 160)


def found(*draws, paper="white"):
    image = Image.new("RGB", (1240, 1754), paper)
    pen = ImageDraw.Draw(image)
    for top in range(200, 900, 60):
        pen.text((200, top), "Căn cứ Luật Tổ chức chính quyền địa phương", fill=BLACK, font_size=26)
    for draw in draws:
        draw(pen)
    return find_marks(PageImage(np.asarray(image), DPI))


def seal(x=700, y=1200, radius=105, ink=RED):
    def draw(pen):
        for reach, width in ((radius, 6), (radius * 0.66, 3)):
            pen.ellipse((x - reach, y - reach, x + reach, y + reach), outline=ink, width=width)
        for turn in range(0, 360, 24):
            way = math.radians(turn)
            across, down = x + 0.83 * radius * math.cos(way), y + 0.83 * radius * math.sin(way)
            pen.text((across - 8, down - 12), "Y", fill=ink, font_size=22)

    return draw


def signature(x=720, y=1200, ink=BLUE):
    def draw(pen):
        pen.line(
            [
                (x + 2.6 * t + 26 * math.sin(t / 4), y + 50 * math.sin(t / 6) * math.cos(t / 19))
                for t in range(110)
            ],
            fill=ink,
            width=4,
        )

    return draw


def kinds(marks):
    return sorted((mark.kind, mark.colour) for mark in marks)


def test_print_alone_is_no_mark():
    """A letter without seal and signature has neither."""
    assert found() == ()


@pytest.mark.parametrize(("ink", "colour"), [(RED, "red"), (BLACK, "black")])
def test_a_seal_without_a_signature(ink, colour):
    """The seal on an appendix is a seal, and its lettering is no signature."""
    (mark,) = found(seal(ink=ink))

    assert (mark.kind, mark.colour) == ("seal", colour)
    assert abs(mark.box.left - 595) < 12 and abs(mark.box.bottom - 1305) < 12


@pytest.mark.parametrize("paper", ["white", (232, 226, 205), (190, 200, 215)])
@pytest.mark.parametrize(("ink", "colour"), [(BLUE, "blue"), (BLACK, "black")])
def test_a_signature_beside_its_seal(ink, colour, paper):
    """Whatever the paper's tint, the pen has its own colour."""
    marks = found(seal(), signature(ink=ink), paper=paper)

    assert kinds(marks) == [("seal", "red"), ("signature", colour)]


def test_a_photocopied_seal_with_its_signature():
    """All is black: the tail of the signature beside the ring tells it."""
    marks = found(seal(ink=BLACK), signature(ink=BLACK))

    assert kinds(marks) == [("seal", "black"), ("signature", "black")]


def test_a_signature_alone():
    """A citizen signs without a seal."""

    def loops(pen):
        way = [
            (700 + 1.6 * t + 25 * math.sin(t / 3), 1200 + 60 * math.sin(t / 4) * math.cos(t / 9))
            for t in range(130)
        ]
        pen.line(way, fill=BLUE, width=4)

    assert kinds(found(loops)) == [("signature", "blue")]


def test_a_framed_stamp():
    """ "KHẨN" in a red frame is a stamp; the same in red without a frame is text."""

    def framed(pen):
        pen.rectangle((150, 150, 320, 215), outline=RED, width=4)
        pen.text((165, 155), "KHẨN", fill=RED, font_size=46)

    def text(pen):
        pen.text((165, 155), "KHẨN", fill=RED, font_size=46)

    assert kinds(found(framed)) == [("stamp", "red")]
    assert found(text) == ()


def test_marks_come_from_the_top():
    """In reading order, each inside the page, also at its edge."""
    marks = found(seal(x=60, y=1300), seal(x=900, y=1150), signature(x=930, y=1150))

    assert [mark.box.top for mark in marks] == sorted(mark.box.top for mark in marks)
    assert all(mark.box.left >= 0 and mark.box.right <= 1240 for mark in marks)


@pytest.mark.parametrize("size", [(1, 1), (4, 900), (900, 4), (60, 60)])
def test_no_page_is_too_small(size):
    """A crop or a strip has no marks and breaks nothing."""
    image = PageImage(np.full((size[1], size[0], 3), 255, np.uint8), DPI)

    assert find_marks(image) == ()
