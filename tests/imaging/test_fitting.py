"""Fitted layers give the page back through any mask."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.imaging.fitting import enlarged, fit_ink, fit_paper


def _composed(ink, paper, coverage):
    part = coverage[..., None]
    return part * ink + (1 - part) * paper


@settings(max_examples=25, deadline=None)
@given(st.integers(8, 60), st.integers(8, 60), st.integers(0, 2**32 - 1))
def test_plain_ink_on_plain_paper_is_found_exactly(height, width, seed):
    """However little of each pixel the mask covers, two colours explain the page."""
    random = np.random.default_rng(seed)
    coverage = random.random((height, width), np.float32)
    ink, paper = (random.integers(0, 256, 3).astype(np.float32) for _ in range(2))
    page = np.rint(_composed(ink, paper, coverage)).astype(np.uint8)
    paper_plane = np.full((height, width, 3), paper, np.uint8)

    found = fit_ink(page, coverage, paper_plane, (3, 4))
    below = fit_paper(page, coverage, enlarged(found, coverage), (3, 4))

    assert np.abs(found.astype(float) - ink).max() <= 2
    assert np.abs(below.astype(float) - paper).max() <= 3


@pytest.mark.parametrize("channels", [1, 3])
def test_hidden_parts_take_the_colour_around(channels):
    """Where the mask covers all, the paper goes on; a jump there would cost bytes for nothing."""
    page = np.full((64, 64, 3) if channels == 3 else (64, 64), 200, np.uint8)
    coverage = np.zeros((64, 64), np.float32)
    coverage[16:48, 16:48] = 1
    page[16:48, 16:48] = 10

    paper = fit_paper(page, coverage, np.full_like(page, 10), (16, 16))

    assert paper.ndim == (2 if channels == 1 else 3)
    assert np.abs(paper.astype(int) - 200).max() <= 3


def test_a_page_of_one_pixel_has_layers():
    """The smallest layer has one pixel."""
    page = np.full((1, 1, 3), 77, np.uint8)

    assert fit_paper(page, np.zeros((1, 1), np.float32), page, (1, 1)).tolist() == [[[77, 77, 77]]]
