"""One page: turned, straightened, measured, recognised."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from pipeline import imaging
from pipeline.model import PageImage
from pipeline.page_reading import _candidates, read_page, read_upright
from pipeline.recognition import reader
from pipeline.settings import Settings
from pipeline.trace import NO_TRACE

SETTINGS = Settings()


def raw(image):
    return imaging.RawPage(number=1, image=image, text_born=None)


def test_a_blank_page_is_not_recognised():
    """It has measures and no line."""
    white = PageImage(np.full((1200, 900, 3), 255, np.uint8), 100.0)

    reading = read_page(raw(white), SETTINGS, reader("balanced", "auto"), NO_TRACE)

    assert (reading.measures.blank, reading.lines) == (True, ())


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_that_lies_otherwise_is_set_upright(draw_page, turns):
    """It is turned, straightened and read at the turn at which it reads best."""
    drawn = draw_page(prose=8).image
    lying = imaging.turn(drawn, turns)

    reading = read_upright(raw(lying), SETTINGS, reader("balanced", "auto"), NO_TRACE)

    assert reading.measures.quarter_turns == 4 - turns
    assert reading.measures.turn_confidence > 0
    assert (reading.measures.line_axis < 0) == (turns != 2)
    assert reading.straight.width_px == drawn.width_px


def test_a_page_that_reads_well_is_not_asked(draw_page):
    """Nobody looks for another turn of a page that stands upright."""
    reading = read_upright(
        raw(draw_page(prose=8).image), SETTINGS, reader("balanced", "auto"), NO_TRACE
    )

    assert reading.measures.quarter_turns == 0
    assert reading.measures.turn_confidence == 0


@pytest.mark.parametrize("turns", range(4))
def test_a_page_of_a_seal_alone_stays_as_it_is(turns):
    """A seal on an empty back says nothing of up and down, and its letters run all around."""
    paper = Image.new("RGB", (1240, 1754), "white")
    pen = ImageDraw.Draw(paper)
    for reach in (105, 70):
        pen.ellipse(
            (500 - reach, 900 - reach, 500 + reach, 900 + reach), outline=(210, 40, 60), width=5
        )
    pen.text((470, 880), "SỞ", fill=(210, 40, 60), font_size=40)
    image = imaging.turn(PageImage(np.asarray(paper), 150.0), turns)

    reading = read_upright(raw(image), SETTINGS, reader("balanced", "auto"), NO_TRACE)

    assert reading.measures.quarter_turns == 0


@pytest.mark.parametrize(
    ("told", "confidence", "axis", "tried"),
    [
        (1, 9.0, 0.4, ()),  # the lines run across: a quarter turn cannot be right
        (2, 9.0, 0.4, (2,)),
        (2, 1.0, 0.4, ()),  # too weak
        (1, 9.0, -0.4, (1,)),
        (0, 0.0, -0.4, (1, 3)),  # the engine knows nothing, the lines run down
        (2, 9.0, -0.4, (1, 3)),
        (3, 9.0, 0.0, (3,)),
        (0, 0.0, 0.0, ()),
    ],
)
def test_only_turns_on_which_all_evidence_agrees_are_tried(told, confidence, axis, tried):
    """Engine and lines must not contradict each other."""
    assert _candidates(told, confidence, axis, 2.0) == tried
