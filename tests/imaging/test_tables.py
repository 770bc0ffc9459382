"""Ruled tables are found with their grid; frames, underlines and borders are none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from pipeline.imaging import find_tables

DPI = 200.0
PX_MM = DPI / 25.4


def page(*draws):
    paper = Image.new("L", (1654, 2339), 255)
    for draw in draws:
        draw(ImageDraw.Draw(paper))
    return np.asarray(paper)


def grid(left, top, wide, high, columns, rows, ink=0, width=2):
    xs = [round(left + wide * k / columns) for k in range(columns + 1)]
    ys = [round(top + high * k / rows) for k in range(rows + 1)]

    def draw(pen):
        for x in xs:
            pen.line((x, ys[0], x, ys[-1]), fill=ink, width=width)
        for y in ys:
            pen.line((xs[0], y, xs[-1], y), fill=ink, width=width)
        for y in ys[:-1]:
            pen.text((xs[0] + 8, y + 6), "Số tiền", fill=0, font_size=24)

    return draw, xs, ys


@settings(max_examples=12, deadline=None)
@given(columns=st.integers(2, 9), rows=st.integers(1, 20), left=st.integers(80, 300))
def test_a_grid_is_found_where_it_is(columns, rows, left):
    """Each rule within half a millimetre."""
    draw, xs, ys = grid(left, 300, 1250, 60 * rows, columns, rows)

    (table,) = find_tables(page(draw), DPI)

    assert (len(table.columns), len(table.rows)) == (columns + 1, rows + 1)
    assert all(abs(a - b) <= 4 for a, b in zip(table.columns, xs, strict=True))
    assert all(abs(a - b) <= 4 for a, b in zip(table.rows, ys, strict=True))


def test_two_tables_are_two():
    """From the top, each with its own grid."""
    one, _, _ = grid(150, 300, 1200, 240, 3, 4)
    two, _, _ = grid(150, 900, 1200, 500, 5, 8)

    tables = find_tables(page(two, one), DPI)

    assert [(len(t.columns) - 1, len(t.rows) - 1) for t in tables] == [(3, 4), (5, 8)]


def test_a_worn_table_is_one():
    """Gaps of a millimetre in its rules do not break it."""
    draw, _, _ = grid(150, 300, 1200, 480, 4, 8)
    pixels = page(draw).copy()
    pixels[:, 400::250] = 255
    pixels[:, 401::250] = 255
    pixels[350::160] = 255

    (table,) = find_tables(pixels, DPI)

    assert (len(table.columns), len(table.rows)) == (5, 9)


def test_what_is_no_table():
    """Frames, one column of boxes, underlines, dense print and a scanner's border."""

    def draw(pen):
        pen.rectangle((120, 120, 1500, 2200), outline=0, width=4)
        for k in range(3):
            pen.rectangle((200, 300 + 60 * k, 560, 360 + 60 * k), outline=0, width=3)
        pen.line((600, 900, 1000, 900), fill=0, width=3)
        for top in range(1000, 1500, 40):
            pen.text(
                (200, top),
                "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19",
                fill=0,
                font_size=30,
            )
        pen.rectangle((0, 0, 40, 2339), fill=0)

    assert find_tables(page(draw), DPI) == ()


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (900, 3), (400, 400)])
@pytest.mark.parametrize("shade", [0, 255])
def test_slivers_have_none(shape, shade):
    """A page of a few pixels is no reason to fail."""
    assert find_tables(np.full(shape, shade, np.uint8), 300.0) == ()
