"""The mask holds ink of every colour and strength, and no paper."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.imaging.background import background_of
from pipeline.imaging.mask import ink_mask
from pipeline.model import PageImage


def _mask(pixels, dpi=150.0):
    image = PageImage(pixels, dpi)
    return ink_mask(image, background_of(image))


@pytest.mark.parametrize(
    "colour", [(20, 20, 20), (30, 40, 170), (215, 60, 70), (195, 195, 195)], ids=str
)
def test_ink_of_each_colour_is_found(colour):
    """Print, blue pen, red seals and a faint pencil."""
    page = np.full((300, 300, 3), 245, np.uint8)
    cv2.line(page, (60, 150), (240, 150), colour, 3)

    mask = _mask(page)

    assert mask[150, 70:230].all()
    assert not mask[:140].any()


def test_uneven_light_is_no_ink(draw_page):
    """A shadow over half the page stays with the paper; the letters in it do not."""
    even, shaded = (draw_page(dpi=150, shade=shade).image.pixels for shade in (False, True))

    lit, dark = _mask(even), _mask(shaded)

    assert dark.mean() == pytest.approx(lit.mean(), rel=0.25)
    assert (dark & lit).sum() / lit.sum() > 0.8


def test_every_letter_keeps_its_strokes(draw_page):
    """What is clearly darker than paper is in the mask: diacritics beside heavy strokes too."""
    page = draw_page(dpi=200, seal=False)

    clearly_dark = page.image.pixels.max(axis=2) < 90

    assert _mask(page.image.pixels, 200.0)[clearly_dark].mean() > 0.98


def test_grain_is_no_ink():
    """Noise of paper that swings by a tenth leaves the mask nearly empty."""
    grain = np.random.default_rng(2).normal(225, 7, (400, 400, 1)).repeat(3, axis=2)

    assert _mask(np.clip(grain, 0, 255).astype(np.uint8)).mean() < 0.002


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 30), st.integers(1, 30), st.integers(0, 255))
def test_a_plain_page_has_no_ink(height, width, level):
    """Black pages too: without paper there is nothing that ink could be darker than."""
    assert not _mask(np.full((height, width, 3), level, np.uint8)).any()
