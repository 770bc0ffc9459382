"""Likeness is one for the same page, and falls with what an eye misses."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.imaging.likeness import Reference
from pipeline.layers import Likeness


@pytest.fixture(scope="module")
def page(draw_page):
    return draw_page(dpi=150, seal=True, noise=4).image.pixels


def test_a_page_is_like_itself(page):
    """Nothing is wrong, nothing has another colour."""
    compared = Reference(page).compare(page)

    assert compared.likeness == Likeness(
        pytest.approx(1, abs=1e-4), pytest.approx(1, abs=1e-4), pytest.approx(1, abs=1e-4), 0.0
    )
    assert not compared.wrong.any()


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_likeness_is_bounded_and_of_any_size(height, width, seed):
    """Pictures as small as one pixel compare, and two are never more alike than the same."""
    first, second = (
        np.random.default_rng(seed + n).integers(0, 256, (height, width, 3)).astype(np.uint8)
        for n in range(2)
    )

    likeness = Reference(first).compare(second).likeness

    assert min(likeness.page, likeness.ink, likeness.plain) >= -1.001
    assert max(likeness.page, likeness.ink, likeness.plain) <= 1.001


def test_a_lost_line_is_found_where_it_was(page):
    """A page that lacks a line of text is wrong there and nowhere else."""
    without = page.copy()
    without[240:275] = 255

    compared = Reference(page).compare(without)

    assert compared.wrong[240:275].any()
    assert not compared.wrong[300:].any()
    assert compared.likeness.ink < 0.97


def test_a_faint_stroke_smeared_over_paper_is_wrong():
    """A pencil line keeps its mean when it is smeared, and cannot be read any more."""
    page = np.full((200, 200, 3), 250, np.uint8)
    for across in range(40, 160, 12):
        cv2.line(page, (across, 60), (across + 8, 100), (195, 195, 195), 2, cv2.LINE_AA)
    smeared = cv2.GaussianBlur(page, (0, 0), 5)

    wrong = Reference(page).compare(smeared).wrong

    assert wrong[60:100, 40:160].mean() > 0.3


def test_grain_that_is_lost_is_no_loss(page):
    """Paper without its grain is as good; text that is smoothed is not."""
    clean = cv2.bilateralFilter(page, 7, 25, 5)
    smoothed = cv2.GaussianBlur(page, (0, 0), 2)

    assert Reference(page).compare(clean).likeness.reaches(0.95, 0.95)
    assert not Reference(page).compare(smoothed).likeness.reaches(0.95, 0.95)


def test_a_seal_of_another_red_is_measured(page):
    """The error of colour counts coloured ink alone."""
    paler = page.copy()
    red = page[..., 0].astype(int) - page[..., 1] > 40
    paler[red] = (230, 160, 160)

    error = Reference(page).compare(paler).likeness.colour_error

    assert error > 20
    assert Reference(page[:300]).compare(page[:300]).likeness.colour_error is None
