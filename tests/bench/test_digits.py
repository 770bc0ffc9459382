"""How readings of labelled scans are counted, and what training lines look like."""

import numpy as np
import pytest

from bench.digit_damage import HEIGHT_PX
from bench.digit_hands import STROKES, drawn
from bench.digits import HALVES, Outcome


@pytest.mark.parametrize(
    ("kind", "written", "read", "right"),
    [
        ("day", "05", "5", True),
        ("day", "05", "3", False),
        ("number by hand", "05", "5", False),
        ("number by hand", "05", "05", True),
        ("number by hand", "05", "", False),
    ],
)
def test_a_day_is_a_number_and_a_number_is_a_text(kind, written, read, right):
    """`ngày 5` and `ngày 05` are one day; the number of a paper is kept as it is written."""
    assert Outcome("a.pdf", kind, written, read, 0.9, True).right == right


def test_halves_depend_on_the_name_only():
    """A file is always in the same half."""
    halves = [Outcome(f"{n}.pdf", "day", "1", "", 0.0, True).half for n in range(40)]

    assert set(halves) == set(HALVES)
    assert halves == [Outcome(f"{n}.pdf", "month", "2", "2", 1.0, True).half for n in range(40)]


@pytest.mark.parametrize("digit", sorted(STROKES))
def test_strokes_are_ink(digit):
    """Every digit can be drawn, the same from the same seed."""
    one, again = (drawn(digit, np.random.default_rng(3)) for _ in range(2))

    assert one.shape[0] > HEIGHT_PX / 2
    assert np.array_equal(one, again)
    assert 0.05 < one.mean() < 0.9
