"""Circles of seals are found among print, and print makes none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from pipeline.imaging.rings import find_rings

DPI = 100.0
PX_MM = DPI / 25.4


def page_of_print(seed=1):
    """A4 in gray with twenty lines of letter-like marks."""
    drawn = np.random.default_rng(seed)
    paper = Image.new("L", (827, 1169), 255)
    pen = ImageDraw.Draw(paper)
    for top in range(120, 1050, 45):
        left = 110
        while left < 720:
            width = int(drawn.integers(5, 12))
            pen.arc((left, top, left + width, top + 14), *sorted(drawn.integers(0, 360, 2)), 40, 2)
            pen.line((left, top, left, top + 14), fill=40, width=2)
            left += width + int(drawn.choice([4, 4, 4, 12]))
    return paper


def ringed(x_mm, y_mm, radius_mm, ink=60, paper=None):
    paper = paper or page_of_print()
    pen = ImageDraw.Draw(paper)
    for share, width in ((1.0, 4), (0.7, 2)):
        reach = radius_mm * share * PX_MM
        x, y = x_mm * PX_MM, y_mm * PX_MM
        pen.ellipse((x - reach, y - reach, x + reach, y + reach), outline=ink, width=width)
    return np.asarray(paper)


def test_print_has_no_ring():
    """The best circle of a page of print stays well below a seal's."""
    rings = find_rings(np.asarray(page_of_print()), DPI)

    assert all(ring.evidence < 0.4 for ring in rings)


@settings(max_examples=12, deadline=None)
@given(x_mm=st.floats(40, 170), y_mm=st.floats(40, 250), radius_mm=st.floats(12, 19))
def test_a_seal_is_found_where_it_is(x_mm, y_mm, radius_mm):
    """Centre within 1 mm, outer radius within 2.5 mm, over print as on empty paper."""
    ring = find_rings(ringed(x_mm, y_mm, radius_mm), DPI)[0]

    assert ring.evidence > 0.6
    assert abs(ring.x / PX_MM - x_mm) < 1 and abs(ring.y / PX_MM - y_mm) < 1
    assert abs(ring.radius / PX_MM - radius_mm) < 2.5


def test_a_pale_seal_is_found():
    """Worn ink of a tenth of the contrast still makes a ring on paper."""
    paper = Image.new("L", (827, 1169), 250)

    assert find_rings(ringed(100, 200, 18, ink=215, paper=paper), DPI)[0].evidence > 0.45


def test_a_seal_at_the_edge_is_found():
    """A fifth of it lies beyond the sheet."""
    assert find_rings(ringed(12, 60, 18), DPI)[0].evidence > 0.45


def test_two_seals_are_two():
    """Two agencies sign one paper; and a ring on a likelier ring is no seal of its own."""
    pixels = ringed(60, 200, 18, paper=Image.fromarray(ringed(140, 200, 17)))

    sure = [ring for ring in find_rings(pixels, DPI) if ring.evidence > 0.45]

    assert sorted(round(ring.x / PX_MM, -1) for ring in sure) == [60, 140]


@pytest.mark.parametrize("shape", [(1, 1), (3, 400), (40, 40), (400, 400)])
def test_no_page_is_too_small_or_too_empty(shape):
    """Whatever the size, an empty picture has no ring."""
    assert all(ring.evidence < 0.1 for ring in find_rings(np.full(shape, 255, np.uint8), DPI))


def test_the_same_page_has_the_same_rings():
    """The order of equals is fixed."""
    pixels = ringed(100, 150, 18)

    assert find_rings(pixels, DPI) == find_rings(pixels.copy(), DPI)
