"""Long strokes are told from letters, rules and frames."""

import math

import numpy as np
from PIL import Image, ImageDraw

from pipeline.imaging.pen import find_strokes
from pipeline.imaging.rings import Ring

DPI = 150.0
PX_MM = DPI / 25.4


def page(*draws):
    paper = Image.new("RGB", (1240, 1754), "white")
    for draw in draws:
        draw(ImageDraw.Draw(paper))
    return np.asarray(paper)


def scrawl(left, top, colour=(20, 20, 60), width=3):
    """A signature: a wave of 40 mm with loops."""

    def draw(pen):
        points = [
            (
                left + t * 2.4 + 30 * math.sin(t / 4),
                top + 45 * math.sin(t / 6) * math.cos(t / 17),
            )
            for t in range(100)
        ]
        pen.line(points, fill=colour, width=width)

    return draw


def test_a_scrawl_is_a_stroke():
    """Its box is where it was drawn, its length what the pen ran."""
    (stroke,) = find_strokes(page(scrawl(600, 900)), DPI, [])

    assert 560 < stroke.box.left < 640 and stroke.box.right > 780
    assert stroke.length_mm > 1.5 * stroke.diagonal_mm


def test_rules_frames_and_letters_are_none():
    """A table, a frame askew, an underline and a headline are no strokes."""

    def draw(pen):
        for row in range(5):
            pen.line((100, 200 + 60 * row, 900, 200 + 60 * row), fill=0, width=3)
        for column in range(5):
            pen.line((100 + 200 * column, 200, 100 + 200 * column, 440), fill=0, width=3)
        pen.polygon([(100, 600), (320, 560), (330, 640), (112, 678)], outline=0, width=3)
        pen.line((300, 800, 700, 800), fill=0, width=3)
        pen.text((300, 900), "QUYẾT ĐỊNH", fill=0, font_size=44)

    assert find_strokes(page(draw), DPI, []) == []


def test_red_ink_is_none():
    """A seal is drawn in red; what lies in other ink over it is seen."""

    def seal(pen):
        pen.ellipse((500, 800, 710, 1010), outline=(220, 50, 60), width=6)

    assert find_strokes(page(seal), DPI, []) == []
    assert len(find_strokes(page(seal, scrawl(600, 900)), DPI, [])) == 1


def test_a_black_seal_is_taken_out():
    """Where the seal is known, its ring is no stroke, and the tail of the signature is one."""

    def seal(pen):
        for reach in (105, 75):
            pen.ellipse((600 - reach, 900 - reach, 600 + reach, 900 + reach), outline=0, width=5)
        pen.arc((560, 870, 640, 940), 20, 340, fill=0, width=4)

    ring = Ring(600, 900, 105, 1.0, 1.0)

    assert find_strokes(page(seal), DPI, [ring]) == []
    strokes = find_strokes(page(seal, scrawl(620, 900)), DPI, [ring])
    assert strokes and all(stroke.box.left > 690 for stroke in strokes)


def test_strokes_lie_in_px_of_the_page():
    """At 300 dpi all boxes are twice as far from the corner."""
    pixels = page(scrawl(600, 900))
    large = np.asarray(Image.fromarray(pixels).resize((2480, 3508)))

    (small,), (twice,) = find_strokes(pixels, DPI, []), find_strokes(large, 2 * DPI, [])

    assert abs(twice.box.left - 2 * small.box.left) <= 4
    assert abs(twice.box.bottom - 2 * small.box.bottom) <= 4


def test_an_empty_page_has_none():
    """And neither has a black one."""
    assert find_strokes(page(), DPI, []) == []
    assert find_strokes(np.zeros((300, 200, 3), np.uint8), DPI, []) == []
