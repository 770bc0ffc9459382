"""One page: turned, straightened, measured, recognised."""

from dataclasses import replace

import numpy as np

from pipeline import imaging
from pipeline.model import PageImage
from pipeline.page_reading import read_page, read_turned
from pipeline.recognition import language
from pipeline.settings import Settings
from pipeline.trace import NO_TRACE

SETTINGS = Settings()


def raw(image):
    return imaging.RawPage(number=1, image=image, text_born=None)


def test_a_blank_page_is_not_recognised():
    """It has measures and no line."""
    white = PageImage(np.full((1200, 900, 3), 255, np.uint8), 100.0)

    reading = read_page(raw(white), SETTINGS, language(), NO_TRACE)

    assert (reading.measures.blank, reading.lines) == (True, ())


def test_the_better_of_two_turns_wins(draw_page):
    """A page that lay upside down reads better when it is turned."""
    drawn = draw_page(prose=8).image
    upside_down = replace(drawn, pixels=np.ascontiguousarray(np.rot90(drawn.pixels, 2)))
    as_is = read_page(raw(upside_down), SETTINGS, language(), NO_TRACE)

    turned = read_turned(raw(upside_down), as_is, SETTINGS, language(), NO_TRACE)

    assert turned.measures.quarter_turns == 2
    assert turned.measures.turn_confidence > 0
