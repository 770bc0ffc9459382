"""The grid of a PDF page: a scan's own pixels, or the default resolution."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.imaging.drawing import plan
from pipeline.imaging.pdf_page import PdfPage, PlacedImage

A4 = (0.0, 0.0, 595.0, 842.0)


def image(box=A4, dpi=200.0, down_dpi=None, share=1.0, sideways=False):
    down_dpi = down_dpi or dpi
    across, down = box[2] - box[0], box[3] - box[1]
    if sideways:
        across, down = down, across
    sides = round(across * dpi / 72), round(down * down_dpi / 72)
    exact = sides[0] * 72 / across, sides[1] * 72 / down
    return PlacedImage(*sides, *exact, sideways, box, share)


def page(*images, box=A4, share=None, turned=False):
    sides = box[2] - box[0], box[3] - box[1]
    width, height = reversed(sides) if turned else sides
    share = min(1.0, sum(one.share for one in images)) if share is None else share
    return PdfPage(width, height, turned, box, images, share, frozenset(), 0)


def drawing(content, default_dpi=300, max_dpi=400, max_pixels=200_000_000):
    return plan(content, default_dpi, max_dpi, max_pixels)


def test_a_scan_is_drawn_in_its_own_pixels():
    """One image over the page decides the grid."""
    scan = image()

    found = drawing(page(scan))

    assert (found.width_px, found.height_px) == (scan.width_px, scan.height_px)
    assert found.dpi == pytest.approx(scan.across_dpi)
    assert found.box_pt == pytest.approx(A4, abs=0.1)


def test_an_image_that_misses_the_edge_by_a_hair_is_the_page():
    """Scanners round page sizes; the crop box moves onto the image."""
    scan = image((0.2, -0.7, 595.9, 841.5), dpi=300.0)

    found = drawing(page(scan))

    assert (found.width_px, found.height_px) == (scan.width_px, scan.height_px)


def test_margins_are_whole_pixels():
    """A scan smaller than its page keeps its pixels; the margin is rounded to them."""
    scan = image((30.0, 78.0, 534.0, 800.0), dpi=300.0, share=0.72)

    found = drawing(page(scan))

    assert found.width_px == pytest.approx(595 * 300 / 72, abs=1)
    assert found.height_px == pytest.approx(842 * 300 / 72, abs=1)
    assert found.box_pt is not None
    margin = (30.0 - found.box_pt[0]) * scan.across_dpi / 72
    assert margin % 1 == pytest.approx(0.05, abs=0.01)  # whole pixels and the slack


@pytest.mark.parametrize(("turned", "sideways"), [(True, False), (False, True), (True, True)])
def test_rotation_swaps_the_sides(turned, sideways):
    """/Rotate turns the grid with the page; an image drawn sideways lies along it."""
    found = drawing(page(image(sideways=sideways), turned=turned))

    tall = (round(595 * 200 / 72), round(842 * 200 / 72))
    assert (found.width_px, found.height_px) == (tall[::-1] if turned else tall)


@pytest.mark.parametrize(
    "content",
    [
        page(),  # no image
        page(image(share=0.1)),  # a logo
        page(image((0, 421, 595, 842), share=0.5)),  # a photo in a text
    ],
)
def test_other_pages_are_drawn_at_the_default(content):
    """Text and drawings have no pixels of their own."""
    found = drawing(content)

    assert (found.dpi, found.box_pt) == (300, None)


def test_strips_and_layers_are_drawn_at_the_finest():
    """A page cut into strips, or of layers, keeps the detail of its finest piece."""
    strips = [image((0, low, 595, low + 85), dpi=240.0, share=0.1) for low in range(0, 850, 85)]
    assert drawing(page(*strips)).dpi == pytest.approx(240, abs=2)

    layers = page(image(dpi=100.0), image(dpi=300.0))
    assert drawing(layers).dpi == pytest.approx(300, abs=1)


def test_fax_pixels_are_drawn_square():
    """Pixels that are not square cannot be kept."""
    found = drawing(page(image(dpi=204.0, down_dpi=98.0)))

    assert found.box_pt is None
    assert found.dpi == pytest.approx(204, abs=1)


@given(st.floats(1, 20_000), st.floats(1, 20_000), st.floats(1, 5000), st.booleans())
def test_no_page_is_drawn_beyond_the_limits(width, height, dpi, scan):
    """Pixels stay below the limit and sides below what can be warped."""
    box = (0.0, 0.0, width, height)
    content = page(*([image(box, dpi=dpi)] if scan and dpi * min(box[2:]) > 200 else []), box=box)

    found = drawing(content, max_pixels=50_000_000)

    assert found.width_px * found.height_px <= 51_000_000
    assert min(found.width_px, found.height_px) >= 1
    assert max(found.width_px, found.height_px) <= 32_001
