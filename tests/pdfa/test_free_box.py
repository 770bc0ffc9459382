"""Tests of pipeline.pdfa.free_box: a place near the corner, never over ink."""

from __future__ import annotations

import pikepdf
import pytest

from pipeline.pdfa.free_box import CORNERS, free_box_of

WIDTH, HEIGHT = 595, 842


@pytest.fixture
def paper(tmp_path):
    """Return a function that makes a page with rectangles on it: x, y, width, height in pt."""

    def make(*boxes):
        with pikepdf.new() as pdf:
            pdf.add_blank_page(page_size=(WIDTH, HEIGHT))
            ink = "0.8 0.1 0.1 rg " + " ".join("{} {} {} {} re f".format(*b) for b in boxes)
            pdf.pages[0].Contents = pdf.make_stream(ink.encode())
            pdf.save(tmp_path / "paper.pdf")
        return tmp_path / "paper.pdf"

    return make


@pytest.mark.parametrize("corner", CORNERS)
def test_empty_page_has_room_in_each_corner(paper, corner):
    """On an empty page it is the corner itself, inside the paper."""
    left, bottom, right, top = free_box_of(paper(), 0, 120, 24, corner)

    assert (right - left, top - bottom) == (120, 24)
    assert (left < WIDTH / 2) == corner.endswith("left")
    assert (bottom < HEIGHT / 2) == corner.startswith("bottom")
    assert min(left, bottom) >= 14
    assert (right <= WIDTH - 14, top <= HEIGHT - 14) == (True, True)


def test_red_ink_is_gone_round(paper):
    """A seal in the corner: the place is beside or below it, and touches nothing."""
    left, _, _, top = free_box_of(paper((10, 760, 90, 75)), 0, 120, 24, "top-left")

    assert left >= 100 or top <= 760


def test_a_full_corner_has_no_room(paper):
    """Where all is ink there is no place, and none is made up."""
    assert free_box_of(paper((0, 0, WIDTH, HEIGHT - 30)), 0, 120, 24, "bottom-right") is not None
    lines = [(0, row, WIDTH, 3) for row in range(0, HEIGHT, 10)]
    assert free_box_of(paper(*lines), 0, 120, 24, "bottom-right") is None
