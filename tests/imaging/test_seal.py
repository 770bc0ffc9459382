"""Seals are told from red text by their shape and size."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from pipeline.imaging.background import background_of
from pipeline.imaging.resample import gray
from pipeline.imaging.seal import redness, without_seals
from pipeline.model import PageImage

DPI = 150.0
RED = (220, 60, 70)


def cleaned(draw):
    paper = Image.new("RGB", (1240, 1754), "white")
    draw(ImageDraw.Draw(paper))
    pixels = np.asarray(paper)
    page = PageImage(pixels, DPI)
    return without_seals(gray(pixels), pixels, DPI, background_of(page))


@pytest.mark.parametrize("side_mm", [20, 36, 50])
def test_a_round_seal_goes(side_mm):
    """Rings of the size of seals are taken out."""
    side = side_mm / 25.4 * DPI

    page = cleaned(
        lambda pen: pen.ellipse((300, 300, 300 + side, 300 + side), outline=RED, width=5)
    )

    assert page.min() > 230


def test_red_text_stays():
    """A red title and an urgency stamp are to be read."""

    def title(pen):
        for x in range(300, 900, 30):
            pen.rectangle((x, 300, x + 18, 340), fill=RED)

    assert cleaned(title).min() < 130


def test_a_whole_red_page_stays():
    """Red paper is no seal."""
    page = cleaned(lambda pen: pen.rectangle((0, 0, 1240, 1754), fill=RED))

    assert page.max() < 140


def test_redness_needs_more_red_than_anything():
    """Yellow, gray, white and blue are not red; pink is."""
    colours = [(250, 240, 120), (90, 90, 90), (255, 255, 255), (40, 60, 200), (255, 200, 205)]

    values = redness(np.array([colours], np.uint8))[0]

    assert (values[:4] <= 10).all()
    assert values[4] == 50
