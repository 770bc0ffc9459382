"""Dotted leaders are runs of small blobs at an even pitch, and nothing else is."""

import cv2
import numpy as np
import pytest

from pipeline.imaging.blobs import find_blobs
from pipeline.imaging.leaders import count_leaders, leader_ink

DPI = 200.0


def white():
    return np.full((600, 1200), 255, np.uint8)


def dots(page, y, xs, radius=2):
    for x in xs:
        cv2.circle(page, (round(x), round(y)), radius, 0, -1)
    return page


def erased(page):
    return leader_ink(find_blobs(page), DPI)


@pytest.mark.parametrize("pitch", [5.5, 8.0, 11.3, 17.0])
def test_a_leader_goes_whole(pitch):
    """Every dot of a run is marked, whatever its pitch."""
    page = dots(white(), 300, np.arange(100, 900, pitch), radius=1 if pitch < 8 else 2)

    assert (erased(page) > 0).sum() == (page < 160).sum()


def test_a_bent_leader_goes_too():
    """Paper curls: a run need not be straight."""
    page = white()
    for x in np.arange(100, 1000, 10.0):
        dots(page, 300 + 12 * np.sin(x / 300), [x])

    assert (erased(page) > 0).sum() == (page < 160).sum()


@pytest.mark.parametrize(
    "xs",
    [
        [100, 110, 120],  # an ellipsis
        np.random.default_rng(0).uniform(0, 1200, 30),  # specks in a row
        np.arange(100, 1000, 60.0),  # dots below letters, far apart
    ],
)
def test_other_dots_stay(xs):
    """What has no even pitch, or too few dots, is no leader."""
    assert not erased(dots(white(), 300, xs)).any()


def test_a_colon_before_a_leader_stays():
    """The lower dot of a colon is at the pitch by chance only."""
    page = dots(white(), 300, np.arange(110, 900, 10.0))
    dots(dots(page, 300, [100]), 288, [100])

    mask = erased(page)

    assert not mask[280:310, 95:105].any()
    assert mask[295:305, 107:113].any()


def test_dots_under_a_value_go_and_strokes_through_them_stay():
    """The pitch is followed under letters; a stem that reaches down is not cut."""
    page = dots(white(), 300, np.arange(100, 900, 10.0))
    page[270:312, 478:482] = 0  # a descender right through the place of a dot

    mask = erased(page)

    assert mask[298:303, 468:473].any()
    assert not mask[290:312, 478:482].any()


def test_a_short_run_goes_at_a_pitch_that_the_page_has():
    """Three free dots beside a long value belong to a leader like the others."""
    long = dots(white(), 300, np.arange(100, 900, 10.0))

    alone, known = (
        dots(white(), 400, [100, 110, 120, 130]),
        dots(long.copy(), 400, [100, 110, 120, 130]),
    )

    assert not erased(alone).any()
    assert erased(known)[395:405].any()


def test_pages_without_dots_have_no_leaders():
    """Empty and black pages, lines and boxes stay as they are."""
    page = white()
    page[200:204] = 0
    page[:, 600:603] = 0

    for one in (white(), page, np.zeros_like(page)):
        assert not erased(one).any()


def test_leaders_are_counted_by_line(draw_page):
    """A form has several, a letter none."""
    assert count_leaders(draw_page(dpi=200, prose=8).image) == 0
    assert count_leaders(draw_page(dpi=200, leaders=True).image) >= 2
