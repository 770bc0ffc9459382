"""A sheet that was cut off, folded or held is told from one that was not."""

import cv2
import numpy as np
import pytest

from pipeline.imaging import measure_sheet
from pipeline.imaging.sheet import Sheet
from pipeline.model import PageImage

SKIN = (214, 160, 130)


@pytest.mark.parametrize(
    "damage",
    [{}, {"seal": True}, {"leaders": True}, {"bitonal": True}, {"shade": True}, {"skew_deg": 3.0}],
)
def test_nothing_is_wrong_with_a_good_sheet(draw_page, damage):
    """Seals, forms, yellowed paper and crooked sheets are whole."""
    assert measure_sheet(draw_page(dpi=200, **damage).image) == Sheet()


@pytest.mark.parametrize(("edge", "turns"), [("left", 0), ("right", 2)])
def test_text_beyond_an_edge_is_told(draw_page, edge, turns):
    """The margin is gone, and the first letters of the lines with it."""
    pixels = draw_page(dpi=200).image.pixels
    cut = np.rot90(pixels[:, round(0.15 * pixels.shape[1]) :], turns)

    assert measure_sheet(PageImage(np.ascontiguousarray(cut), 200.0)).cut_edges == (edge,)


def test_text_close_to_an_edge_is_whole(draw_page):
    """A narrow margin is no loss."""
    page = draw_page(dpi=200)
    first = min(box.left for _, box in page.lines)
    pixels = np.ascontiguousarray(page.image.pixels[:, first - 8 :])

    assert measure_sheet(PageImage(pixels, 200.0)).cut_edges == ()


def test_dirt_at_an_edge_is_no_text(draw_page):
    """Punch holes and the grain of the table beyond the sheet are no letters."""
    pixels = draw_page(dpi=200).image.pixels.copy()
    grain = np.random.default_rng(3).integers(20, 90, (*pixels.shape[:2], 1)).astype(np.uint8)
    pixels[:, :60] = grain[:, :60]
    for row in (500, 1100):
        cv2.circle(pixels, (pixels.shape[1] - 4, row), 14, (10, 10, 10), -1)

    assert measure_sheet(PageImage(pixels, 200.0)).cut_edges == ()


@pytest.mark.parametrize("corner", ["top left", "top right", "bottom left", "bottom right"])
def test_a_folded_corner_is_told(draw_page, corner):
    """The lid of the scanner shows where the paper is missing."""
    pixels = draw_page(dpi=150).image.pixels.copy()
    part = pixels[:: -1 if "bottom" in corner else 1, :: -1 if "right" in corner else 1]
    rows, columns = np.mgrid[0:140, 0:170]
    part[:140, :170][rows / 140 + columns / 170 < 1] = (40, 40, 42)

    assert measure_sheet(PageImage(pixels, 150.0)).folded_corners == (corner,)


def test_a_finger_is_told(draw_page):
    """Skin over an edge of the sheet."""
    pixels = draw_page(dpi=150).image.pixels.copy()
    cv2.ellipse(pixels, (10, 700), (100, 45), 0, 0, 360, SKIN, -1)

    assert measure_sheet(PageImage(pixels, 150.0)).fingers == 1


@pytest.mark.parametrize("colour", [(60, 60, 60), (70, 90, 200)])
def test_what_is_no_skin_is_no_finger(draw_page, colour):
    """A clip or a blue binder at the edge."""
    pixels = draw_page(dpi=150).image.pixels.copy()
    cv2.ellipse(pixels, (10, 700), (100, 45), 0, 0, 360, colour, -1)

    assert measure_sheet(PageImage(pixels, 150.0)).fingers == 0


@pytest.mark.parametrize("sides", [(1, 1), (3, 700), (700, 3)])
def test_slivers_are_sheets_too(sides):
    """A page of a few pixels is no reason to fail."""
    assert measure_sheet(PageImage(np.full((*sides, 3), 255, np.uint8), 300.0)) == Sheet()
