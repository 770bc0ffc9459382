"""What a person should know of a page before its text is trusted."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from pipeline.imaging import is_tinted, measure, page_issues
from pipeline.model import Measures, Page, PageImage


def codes(image, **measures):
    page = Page(1, image.width_px, image.height_px, image.dpi, "scan")
    found = page_issues(replace(page, measures=replace(measure(image), **measures)))
    return [issue.code for issue in found]


def changed(image, pixels):
    return replace(image, pixels=pixels)


@pytest.mark.parametrize("damage", [{}, {"seal": True}, {"leaders": True}, {"bitonal": True}])
def test_a_good_page_has_no_issues(draw_page, damage):
    """Seals, forms and bitonal scans are fine."""
    page = draw_page(dpi=200, **damage).image

    assert codes(page) == []


def test_a_blurred_page_is_told(draw_page):
    """Letters that run together need another scan."""
    image = draw_page(dpi=200).image
    blurred = changed(image, cv2.GaussianBlur(image.pixels, (0, 0), 3))

    assert codes(blurred) == ["page.blurred"]


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
    assert codes(page) == ["page.blank"]


def test_a_short_line_is_not_blank(draw_page):
    """A page with a head and a name is read."""
    assert not measure(draw_page(prose=0).image).blank


def test_a_coarse_page_is_told(draw_page):
    """Less than 200 dpi is less than the law asks for."""
    assert codes(draw_page(dpi=100).image) == ["page.low-dpi"]


def test_a_dark_page_is_told(draw_page):
    """Paper photographed without light is told."""
    image = draw_page(dpi=200).image

    assert "page.dark" in codes(changed(image, image.pixels // 6))


def test_faint_print_is_told(draw_page):
    """What is hardly darker than its paper is misread."""
    image = draw_page(dpi=200).image
    pale = 255 - (255 - image.pixels.astype(float)) * 0.24

    assert "page.faint" in codes(changed(image, pale.astype(np.uint8)))


@pytest.mark.parametrize("times", [0.4, 2.0])
def test_a_resolution_that_the_letters_deny_is_told(draw_page, times):
    """A photograph with a scanner's number in its file is no scan of that resolution."""
    image = draw_page(dpi=300).image

    found = codes(replace(image, dpi=300.0 * times))

    assert "page.dpi-doubtful" in found
    assert measure(image).letter_dpi == pytest.approx(300, rel=0.3)


@pytest.mark.parametrize(
    ("measured", "code"),
    [
        ({"cut_edges": ("left",)}, "page.cut"),
        ({"folded_corners": ("top left",)}, "page.folded"),
        ({"fingers": 1}, "page.finger"),
    ],
)
def test_what_is_wrong_with_the_sheet_is_told(draw_page, measured, code):
    """What was measured of the sheet before it was straightened."""
    assert codes(draw_page(dpi=200).image, **measured) == [code]


def test_a_page_at_the_limit_of_skew_is_told(draw_page):
    """So large an angle may be larger still."""
    assert codes(draw_page(dpi=200).image, skew_deg=-9.0) == ["page.skewed"]


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
