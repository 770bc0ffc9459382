"""A sheet on a table is outlined; a scan, whatever lies on it, is not."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.imaging import measure_outline
from pipeline.model import PageImage

WIDTH, HEIGHT = 1000, 1360


def photographed(page, corners, *, table=(70, 50, 40), grain=6):
    """Return a page as a camera sees it lie on a table, its corners at these places (px)."""
    high, wide = page.shape[:2]
    sheet = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    matrix = cv2.getPerspectiveTransform(sheet, np.array(corners, np.float32))
    seen = cv2.warpPerspective(page, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_AREA)
    where = cv2.warpPerspective(np.full((high, wide), 255, np.uint8), matrix, (WIDTH, HEIGHT))
    wood = np.random.default_rng(3).normal(0, grain, (HEIGHT, WIDTH, 3)) + table
    share = where[..., None] / 255.0
    return np.clip(seen * share + wood * (1 - share), 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def printed(draw_page):
    return draw_page(dpi=120, prose=6, seal=True).image.pixels


@settings(max_examples=10, deadline=None)
@given(moves=st.lists(st.integers(0, 60), min_size=8, max_size=8))
def test_corners_are_found_where_they_are(draw_page, moves):
    """Within 6 px of a picture of 1,360, a little inside, however aslant the sheet is seen."""
    page = draw_page(dpi=120, prose=6, seal=True).image.pixels
    corners = [
        (40 + moves[0], 40 + moves[1]),
        (WIDTH - 110 - moves[2], 40 + moves[3]),
        (WIDTH - 40 - moves[4], HEIGHT - 40 - moves[5]),
        (40 + moves[6], HEIGHT - 40 - moves[7]),
    ]

    outline = measure_outline(PageImage(photographed(page, corners), 120.0))

    assert outline is not None and outline.evidence > 0.8
    for (x, y), (true_x, true_y) in zip(outline.corners, corners, strict=True):
        assert abs(x - true_x) < 6 and abs(y - true_y) < 6


def test_a_shadow_over_the_sheet_does_not_mislead(printed):
    """Half of the light is enough to see paper against a table."""
    corners = [(90, 50), (910, 70), (960, 1310), (45, 1290)]
    light = np.linspace(0.45, 1.0, WIDTH)[None, :, None]
    picture = (photographed(printed, corners) * light).astype(np.uint8)

    assert measure_outline(PageImage(picture, 120.0)) is not None


def test_a_small_sheet_on_a_dark_lid_is_no_photograph(printed):
    """A scanner sees nothing aslant: the page and its resolution stay as they are."""
    lying = photographed(
        printed, [(90, 60), (910, 95), (862, 1255), (42, 1220)], table=(20, 20, 22)
    )

    assert measure_outline(PageImage(lying, 300.0)) is None


def test_paper_up_to_the_edge_is_no_photograph(printed):
    """One side without a table, and nothing is certain."""
    corners = [(90, 50), (910, 70), (960, 1310), (45, 1290)]
    picture = photographed(printed, corners)

    assert measure_outline(PageImage(picture[:, 150:].copy(), 120.0)) is None


def test_a_scan_has_no_outline(draw_page):
    """Nor has a page with a frame, a table grid or black borders on two sides."""
    page = draw_page(dpi=120, prose=6).image.pixels
    framed, bordered, dark = page.copy(), page.copy(), page // 2
    cv2.rectangle(framed, (40, 40), (page.shape[1] - 40, page.shape[0] - 40), (0, 0, 0), 4)
    bordered[:, :30] = bordered[:25] = 5

    for pixels in (page, framed, bordered, dark):
        assert measure_outline(PageImage(pixels, 120.0)) is None


def test_a_picture_is_no_sheet():
    """A photograph of something else has no four straight sides."""
    seed = np.random.default_rng(1).integers(0, 255, (12, 9, 3), np.uint8)
    picture = cv2.resize(seed, (900, 1200), interpolation=cv2.INTER_CUBIC)

    assert measure_outline(PageImage(picture, 120.0)) is None


def test_one_bit_a_pixel_is_no_photograph(printed):
    """A scanner made it, whatever is around."""
    corners = [(90, 50), (910, 70), (960, 1310), (45, 1290)]
    picture = PageImage(photographed(printed, corners), 120.0, bitonal=True)

    assert measure_outline(picture) is None


@pytest.mark.parametrize("sides", [(1, 1), (3, 900), (900, 3), (200, 200)])
@pytest.mark.parametrize("shade", [0, 255])
def test_slivers_have_none(sides, shade):
    """A page of a few pixels is no reason to fail."""
    page = PageImage(np.full((*sides, 3), shade, np.uint8), 300.0)

    assert measure_outline(page) is None
