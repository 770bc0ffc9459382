"""Letters are found among the ink, and tell how large the print is."""

import numpy as np
import pytest

from pipeline.imaging.letters import LOOK_DPI, find_ink, find_letters
from pipeline.imaging.resample import gray, reduced
from pipeline.model import PageImage


def letters_of(image):
    return find_letters(find_ink(reduced(gray(image.pixels), image.dpi, LOOK_DPI)[0]))


@pytest.mark.parametrize("damage", [{}, {"seal": True}, {"shade": True}, {"noise": 8.0}])
def test_letters_have_the_height_of_the_print(draw_page, damage):
    """13 points are a tenth of an inch from foot to top, whatever lies around them."""
    letters = letters_of(draw_page(dpi=300, **damage).image)

    assert letters.height_px / LOOK_DPI == pytest.approx(0.1, rel=0.35)
    assert len(letters.boxes) > 200


def test_dots_of_leaders_are_no_letters(draw_page):
    """A form has more dots than letters."""
    page = draw_page(dpi=200).image
    pixels = page.pixels.copy()
    for row in range(1400, 2300, 50):
        for column in range(150, 1500, 12):
            pixels[row : row + 7, column : column + 7] = 30

    assert letters_of(PageImage(pixels, 200.0)).height_px / LOOK_DPI == pytest.approx(0.1, rel=0.35)


def test_few_letters_tell_nothing(draw_page):
    """A stamp or a short note is no evidence of a page's resolution."""
    page = draw_page(dpi=200).image
    line = np.full_like(page.pixels, 255)
    top = round(0.135 * page.height_px)
    line[top : top + 30] = page.pixels[top : top + 30]

    letters = letters_of(PageImage(line, 200.0))

    assert letters.height_px == 0
    assert len(letters.boxes) == 0


def test_contrast_is_of_ink_to_its_paper(draw_page):
    """Pale ink has less, and a shadow over the page changes nothing."""
    page = draw_page(dpi=150).image
    pixels = gray(page.pixels)
    pale = (255 - (255 - pixels.astype(float)) * 0.4).astype(np.uint8)
    shadow = (pixels * np.linspace(1, 0.6, pixels.shape[1])).astype(np.uint8)

    full, less, shaded = (find_ink(each).contrast for each in (pixels, pale, shadow))

    assert less < 0.6 * full
    assert shaded == pytest.approx(full, abs=0.1)


@pytest.mark.parametrize("shape", [(1, 1), (3, 700), (700, 3)])
def test_empty_paper_has_no_ink(shape):
    """Not even a sliver of it."""
    ink = find_ink(np.full(shape, 230, np.uint8))

    assert not ink.mask.any()
    assert ink.contrast == 0
    assert find_letters(ink).height_px == 0
