"""Skew is measured in degrees anticlockwise, and undone."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.imaging import measure_axis, measure_skew, straighten, turn
from pipeline.model import PageImage


@settings(max_examples=6, deadline=None)
@given(skew=st.floats(-9.5, 9.5))
def test_straightening_leaves_at_most_a_tenth_of_a_degree(draw_page, skew):
    """A page is level after its skew was measured and undone, whatever the skew."""
    page = draw_page(dpi=120, skew_deg=skew).image

    measured = measure_skew(page)
    left = measure_skew(straighten(page, measured.deg))

    assert measured.deg == pytest.approx(skew, abs=0.1)
    assert abs(left.deg) <= 0.1


def test_lines_that_rise_to_the_right_have_positive_skew(draw_page):
    """Anticlockwise is positive."""
    assert measure_skew(draw_page(skew_deg=3.0).image).deg == pytest.approx(3.0, abs=0.05)


@pytest.mark.parametrize("damage", [{"shade": True}, {"noise": 25.0}, {"seal": True}])
def test_damage_does_not_mislead(draw_page, damage):
    """Shadows, noise and a seal do not change the angle that is measured."""
    page = draw_page(skew_deg=-2.0, **damage).image

    assert measure_skew(page).deg == pytest.approx(-2.0, abs=0.1)


def test_an_empty_page_has_no_skew():
    """Without lines nothing is turned."""
    white = PageImage(np.full((1754, 1240, 3), 255, np.uint8), 150.0)

    assert measure_skew(white) == type(measure_skew(white))(0.0, 0.0)


def test_noise_gives_no_evidence():
    """Specks all over a page are no lines."""
    specks = np.random.default_rng(1).random((1754, 1240, 1)) < 0.01
    page = PageImage(np.where(specks, 0, 255).repeat(3, axis=2).astype(np.uint8), 150.0)

    assert measure_skew(page).deg == 0.0


def test_a_skew_beyond_the_limit_needs_strong_evidence(draw_page):
    """Lines of print are believed at any angle; a seal alone, or scribble, at none."""
    assert measure_skew(draw_page(skew_deg=16.0).image).deg == pytest.approx(16.0, abs=0.1)
    seal = draw_page(dpi=150, seal=True)
    alone = np.full_like(seal.image.pixels, 255)
    box = seal.seal
    alone[box.top : box.bottom, box.left : box.right] = seal.image.pixels[
        box.top : box.bottom, box.left : box.right
    ]
    assert abs(measure_skew(PageImage(alone, 150.0)).deg) <= 10.0
    strokes = np.random.default_rng(3).integers(0, 255, (40, 2)) * 4 + 200
    scribble = np.full((1754, 1240, 3), 255, np.uint8)
    cv2.polylines(scribble, [strokes.astype(np.int32)], False, (0, 0, 0), 3)
    assert abs(measure_skew(PageImage(scribble, 150.0)).deg) <= 10.0


def test_a_stroke_through_empty_space_is_no_line_of_text(draw_page):
    """Forms are crossed out below their last line, so that nobody adds one."""
    page = draw_page(dpi=150, prose=2).image
    pixels = page.pixels.copy()
    cv2.line(pixels, (150, 1400), (1100, 600), (20, 20, 20), 4)

    assert abs(measure_skew(PageImage(pixels, 150.0)).deg) <= 0.1


def test_nothing_is_measured_where_nothing_may_be_turned(draw_page):
    """Zero switches it off."""
    assert measure_skew(draw_page(skew_deg=3.0).image, max_deg=0.0).deg == 0.0


def test_size_and_dpi_stay_and_corners_are_white(draw_page):
    """The frame of a page never changes after it was straightened."""
    page = draw_page(dpi=100).image
    black = PageImage(np.zeros_like(page.pixels), page.dpi, bitonal=True)

    straight = straighten(black, 5.0)

    assert straight.pixels.shape == page.pixels.shape
    assert (straight.dpi, straight.bitonal) == (page.dpi, True)
    assert straight.pixels[0, 0].tolist() == [255, 255, 255]


@given(skew=st.floats(-45, 45), high=st.integers(1, 60), wide=st.integers(1, 60))
def test_the_same_page_at_the_same_angle_gives_the_same_bytes(skew, high, wide):
    """Whatever the angle and size: same bytes, same size, same dpi."""
    pixels = np.random.default_rng(high * wide).integers(0, 256, (high, wide, 3), np.uint8)
    page = PageImage(pixels, 200.0)

    once, again = straighten(page, skew), straighten(page, skew)

    assert once.pixels.tobytes() == again.pixels.tobytes()
    assert (once.pixels.shape, once.dpi) == (pixels.shape, 200.0)


@pytest.mark.parametrize(("turns", "sign"), [(0, 1), (1, -1), (2, 1), (3, -1)])
def test_lines_run_across_or_down(draw_page, turns, sign):
    """A page on its side has its lines down it; upside down they run across."""
    axis = measure_axis(turn(draw_page(prose=6).image, turns))

    assert axis * sign > 0.1


def test_an_empty_page_has_no_axis():
    """Neither way is better."""
    assert measure_axis(PageImage(np.full((600, 400, 3), 255, np.uint8), 100.0)) == 0.0


def test_an_invisible_skew_changes_nothing(draw_page):
    """Below 0.1° the pixels are the scanner's own."""
    page = draw_page(dpi=100).image

    assert straighten(page, 0.099) is page


@pytest.mark.parametrize("sides", [(1, 1), (3, 500), (500, 3)])
def test_slivers_are_measured_too(sides):
    """A page of a few pixels is no reason to fail."""
    page = PageImage(np.zeros((*sides, 3), np.uint8), 300.0)

    assert straighten(page, measure_skew(page).deg).pixels.shape == (*sides, 3)
