"""Boxes around coloured ink hold it, and never lie over each other."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.imaging.background import background_of
from pipeline.imaging.evidence import apart, boxes_around, evidence_boxes
from pipeline.model import Box, PageImage


def test_a_seal_lies_in_one_box(draw_page):
    """Its rings and its star are one piece of evidence."""
    page = draw_page(dpi=150, seal=True)

    (box,) = evidence_boxes(background_of(page.image), page.image.width_px, page.image.height_px)

    seal = page.seal
    assert box.left <= seal.left and box.top <= seal.top
    assert box.right >= seal.right and box.bottom >= seal.bottom
    assert box.width * box.height < 2 * seal.width * seal.height


def test_print_on_yellowed_paper_is_no_evidence(draw_page):
    """A tint of the paper is not coloured ink."""
    image = draw_page(dpi=150, shade=True).image

    assert evidence_boxes(background_of(image), image.width_px, image.height_px) == []


def test_specks_are_no_evidence():
    """Less than the area asked for is not looked at; nothing found gives no boxes."""
    found = np.zeros((200, 200), bool)
    assert boxes_around(found, 50.0, 400, 400, 12.0) == []
    found[50, 50] = True
    assert boxes_around(found, 50.0, 400, 400, 12.0) == []


def test_boxes_stay_on_the_page():
    """Padding ends at the edge."""
    boxes = boxes_around(np.ones((100, 80), bool), 50.0, 481, 600, 1.0)

    assert boxes == [Box(0, 0, 481, 600)]


def test_evidence_of_a_page_of_one_pixel():
    """Nothing is there, and nothing fails."""
    image = PageImage(np.full((1, 1, 3), 90, np.uint8), 300.0)

    assert evidence_boxes(background_of(image), 1, 1) == []


_sides = st.tuples(
    st.integers(0, 60), st.integers(0, 60), st.integers(1, 40), st.integers(1, 40)
).map(lambda it: Box(it[0], it[1], it[0] + it[2], it[1] + it[3]))


@settings(max_examples=60, deadline=None)
@given(st.lists(_sides, max_size=8))
def test_boxes_put_apart_hold_all_and_do_not_overlap(boxes):
    """Painted over each other, two crops would show two joints."""
    done = np.zeros((120, 120), int)
    for box in apart(boxes):
        done[box.top : box.bottom, box.left : box.right] += 1

    assert done.max(initial=0) <= 1
    for box in boxes:
        assert done[box.top : box.bottom, box.left : box.right].all()
