"""A photographed sheet is seen from straight above, and pixels are interpolated once."""

import cv2
import numpy as np
import pytest

from pipeline.imaging import flat_look, flatten, measure_outline, measure_skew
from pipeline.imaging.outline import Outline
from pipeline.imaging.resample import gray
from pipeline.model import PageImage
from tests.imaging.test_outline import photographed

CORNERS = ((90.0, 50.0), (910.0, 70.0), (960.0, 1310.0), (45.0, 1290.0))


def test_the_sheet_fills_the_page(draw_page):
    """What the camera saw is drawn back to where it was printed."""
    page = draw_page(dpi=110, prose=6).image
    picture = PageImage(photographed(page.pixels, CORNERS), 96.0)

    flat = flatten(picture, Outline(CORNERS, 1.0))

    size = flat.width_px, flat.height_px
    expected = gray(cv2.resize(page.pixels, size, interpolation=cv2.INTER_AREA))
    differ = np.abs(gray(flat.pixels).astype(int) - expected)[20:-20, 20:-20]
    assert differ.mean() < 6


def test_a_sheet_of_a4_tells_its_resolution(draw_page):
    """A camera knows no dpi, A4 is 210 mm wide, lying or standing."""
    page = draw_page(dpi=110, prose=6).image
    picture = PageImage(photographed(page.pixels, CORNERS), 72.0)

    flat = flatten(picture, Outline(CORNERS, 1.0))

    assert flat.width_px / flat.dpi == pytest.approx(210 / 25.4, abs=0.02)
    assert flat.height_px / flat.dpi == pytest.approx(297 / 25.4, abs=0.02)


def test_another_shape_keeps_the_picture_s_resolution():
    """A card is no A4."""
    corners = ((10.0, 10.0), (850.0, 12.0), (848.0, 540.0), (11.0, 541.0))
    picture = PageImage(np.full((560, 870, 3), 200, np.uint8), 96.0)

    assert flatten(picture, Outline(corners, 1.0)).dpi == 96.0


def test_skew_that_is_left_goes_in_the_same_step(draw_page):
    """Print that is crooked on its sheet is level after one warp."""
    page = draw_page(dpi=120, prose=8, skew_deg=2.0).image
    picture = PageImage(photographed(page.pixels, CORNERS), 120.0)
    outline = measure_outline(picture)
    assert outline is not None

    skew = measure_skew(flat_look(picture, outline)).deg

    assert skew == pytest.approx(2.0, abs=0.3)
    flat = flatten(picture, outline, skew)
    assert abs(measure_skew(flat).deg) <= 0.1
    assert flat.pixels[2, 2].tolist() == flat.pixels[-3, -3].tolist() == [255, 255, 255]


def test_the_same_picture_gives_the_same_bytes(draw_page):
    """And the master is not touched."""
    page = draw_page(dpi=60, prose=3).image
    picture = PageImage(photographed(page.pixels, CORNERS), 96.0)
    before = picture.pixels.copy()

    once, again = (flatten(picture, Outline(CORNERS, 1.0), 1.0) for _ in range(2))

    assert np.array_equal(once.pixels, again.pixels)
    assert np.array_equal(picture.pixels, before)
