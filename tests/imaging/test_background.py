"""The paper of a page is found under its ink."""

import numpy as np
import pytest

from pipeline.imaging.background import background_of
from pipeline.imaging.resample import gray


def test_paper_is_found_under_text(draw_page):
    """The background of a page with text is that of the page without."""
    shaded = background_of(draw_page(shade=True).image).paper.astype(int)
    empty = background_of(draw_page(shade=True, prose=0).image).paper.astype(int)

    assert np.abs(shaded - empty).max() <= 12


def test_divided_pages_are_white(draw_page):
    """Dividing by the paper evens out light and colour, at any resolution."""
    image = draw_page(shade=True).image
    background = background_of(image)

    whole = background.divide_gray(gray(image.pixels))
    place = (slice(200, 420), slice(300, 900))
    part = background.divide(image.pixels, place)

    assert np.median(whole) >= 250
    assert np.median(background.divided_small()) >= 250
    assert np.median(part, axis=(0, 1)).min() >= 250
    assert gray(part).astype(int) == pytest.approx(whole[place].astype(int), abs=8)
