"""Confidence of words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.recognition.calibration import confidence
from pipeline.recognition.merging import Told


@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 3))
def test_confidence_rises_with_the_share(one, other, asked) -> None:
    """It is a probability, and a surer decision is never worth less."""
    low, high = sorted((one, other))
    sure = [
        confidence(Told("năm", 0, 9, share, ("vie",), ("vie", "Vietnamese", "aster")[:asked]))
        for share in (low, high)
    ]

    assert 0 <= sure[0] <= sure[1] <= 1
