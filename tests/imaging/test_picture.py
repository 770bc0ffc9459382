"""Photographs and drawings are told from print."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from pipeline.imaging import measure_picture
from pipeline.model import PageImage


def test_print_is_neither(draw_page):
    """A letter, with a seal and on yellowed paper."""
    for page in (draw_page(prose=8), draw_page(prose=8, seal=True, shade=True)):
        picture = measure_picture(page.image)
        assert picture.tones < 0.25 and picture.drawn < 0.4


def test_a_photograph_is_of_tones():
    """Neither ink nor paper."""
    seed = np.random.default_rng(1).integers(40, 200, (12, 9, 3), np.uint8)
    pixels = cv2.resize(seed, (900, 1200), interpolation=cv2.INTER_CUBIC)

    assert measure_picture(PageImage(pixels, 100.0)).tones > 0.3


def test_a_plan_is_drawn():
    """Walls and streets hang together."""
    paper = Image.new("RGB", (1240, 1754), "white")
    pen = ImageDraw.Draw(paper)
    for k in range(8):
        pen.line((100, 200 + 150 * k, 1100, 260 + 130 * k), fill="black", width=4)
        pen.line((150 + 120 * k, 180, 190 + 110 * k, 1400), fill="black", width=3)

    assert measure_picture(PageImage(np.asarray(paper), 150.0)).drawn > 0.8


@pytest.mark.parametrize("sides", [(1, 1), (3, 900), (900, 3)])
@pytest.mark.parametrize("shade", [0, 255])
def test_slivers_are_measured_too(sides, shade):
    """A page of a few pixels is no reason to fail."""
    picture = measure_picture(PageImage(np.full((*sides, 3), shade, np.uint8), 300.0))

    assert 0 <= picture.tones <= 1 and 0 <= picture.drawn <= 1
