"""What a person should know of a page before its text is trusted."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from pipeline.imaging import measure, page_issues
from pipeline.imaging.complaints import SCAN_PROFILES
from pipeline.layout import Layout, Mark
from pipeline.model import Box, Measures, Page


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


def test_a_blank_page_is_told_and_nothing_else():
    """Of an empty page sharpness and contrast say nothing."""
    page = Page(1, 1240, 1754, 60.0, "scan", measures=Measures(blank=True))

    assert [issue.code for issue in page_issues(page)] == ["page.blank"]


@pytest.mark.parametrize(
    ("colours", "colour", "told"),
    [
        (("black",), False, True),
        (("red",), False, False),
        (("black", "red"), False, False),
        (("black",), True, False),  # the copy of a sealed paper, scanned in colour
        ((), False, False),
    ],
)
def test_a_seal_asks_for_colour(colours, colour, told):
    """A black seal on a page without colour was red on the paper, or a photocopy of it."""
    marks = tuple(Mark("seal", Box(0, 0, 9, 9), one) for one in colours)
    measures = Measures(sharpness=2000, colour=colour)
    page = Page(1, 1240, 1754, 200.0, "scan", measures=measures, layout=Layout(marks=marks))

    assert ("page.no-colour" in [issue.code for issue in page_issues(page)]) == told


@pytest.mark.parametrize(
    ("measured", "code"),
    [
        ({"quarter_turns": 2}, "page.turned"),
        ({"quarter_turns": 1, "line_axis": -0.5}, "page.turned"),
        ({"line_axis": -0.5}, "page.sideways"),
    ],
)
def test_a_page_that_lay_otherwise_is_told(draw_page, measured, code):
    """Turned if it was turned, else that it should be."""
    assert codes(draw_page(dpi=200).image, **measured) == [code]


def test_the_archive_asks_for_more_than_the_decree(draw_page):
    """200 dpi and 4° of skew are good enough for one and not for the other."""
    image = draw_page(dpi=200).image
    page = Page(1, image.width_px, image.height_px, 200.0, "scan")
    page = replace(page, measures=replace(measure(image), skew_deg=4.0))

    assert page_issues(page, "floor") == ()
    assert {issue.code for issue in page_issues(page, "archive")} == {"page.low-dpi", "page.skewed"}


def test_the_archive_is_never_less_strict():
    """Whatever the floor complains of, the archive does."""
    floor, archive = SCAN_PROFILES["floor"], SCAN_PROFILES["archive"]

    assert archive.dpi >= floor.dpi and archive.sharpness >= floor.sharpness
    assert archive.contrast >= floor.contrast and archive.brightness >= floor.brightness
    assert archive.skew_deg <= floor.skew_deg
