"""Quarter turns move pixels and change none."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.imaging import turn
from pipeline.model import PageImage

PAGE = PageImage(np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3), 300.0, bitonal=True)


@given(st.integers(-9, 9))
def test_four_turns_are_none(turns):
    """A turn and its complement give the page back."""
    there = turn(PAGE, turns)

    assert np.array_equal(turn(there, 4 - turns).pixels, PAGE.pixels)
    assert (there.dpi, there.bitonal) == (PAGE.dpi, PAGE.bitonal)


def test_turns_are_anticlockwise():
    """One turn brings the top right corner to the top left."""
    assert turn(PAGE, 1).pixels[0, 0].tolist() == PAGE.pixels[0, -1].tolist()
    assert turn(PAGE, 1).pixels.shape == (3, 2, 3)
