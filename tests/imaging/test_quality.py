"""What is measured of a page."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from pipeline.imaging import is_tinted, measure
from pipeline.model import Measures, PageImage


def changed(image, pixels):
    return replace(image, pixels=pixels)


def test_sharpness_falls_with_blur_at_any_resolution(draw_page):
    """The measure is of the paper, not of the scanner's resolution."""
    for dpi in (150, 300):
        image = draw_page(dpi=dpi).image
        values = [
            measure(
                changed(image, cv2.GaussianBlur(image.pixels, (0, 0), mm * dpi / 25.4))
            ).sharpness
            for mm in (0.05, 0.15, 0.3)
        ]
        assert values == sorted(values, reverse=True)


@pytest.mark.parametrize("shade", [255, 200, 90])
def test_an_empty_page_is_blank_whatever_its_paper(shade):
    """Gray paper with grain is as empty as white paper."""
    grain = np.random.default_rng(2).integers(-6, 1, (1754, 1240, 1))
    page = PageImage(np.clip(shade + grain, 0, 255).astype(np.uint8).repeat(3, axis=2), 150.0)

    assert measure(page).blank


def test_a_short_line_is_not_blank(draw_page):
    """A page with a head and a name is read."""
    assert not measure(draw_page(prose=0).image).blank


def test_colour_is_a_seal_and_not_a_speck(draw_page):
    """A seal needs colour in the archive, black text and grain do not."""
    assert measure(draw_page(seal=True).image).colour
    assert not measure(draw_page(noise=20.0).image).colour


@pytest.mark.parametrize("sides", [(1, 1), (3, 700), (700, 3)])
def test_slivers_are_measured_too(sides):
    """A page of a few pixels is no reason to fail."""
    page = PageImage(np.full((*sides, 3), 255, np.uint8), 300.0)

    assert isinstance(measure(page), Measures)


def test_yellowed_paper_keeps_its_tint() -> None:
    """A page without colour on tinted paper is no gray page; gray noise is no tint."""
    rng = np.random.default_rng(1)
    noise = rng.normal(0, 6, (400, 300, 1))
    yellow = np.clip(np.array([244, 242, 232]) + noise, 0, 255).astype(np.uint8)
    grey = np.clip(np.array([240, 240, 240]) + noise, 0, 255).astype(np.uint8)

    assert is_tinted(PageImage(yellow, 100.0))
    assert not is_tinted(PageImage(grey, 100.0))
