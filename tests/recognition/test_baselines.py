"""The line that words stand on."""

from __future__ import annotations

import pytest

from pipeline.model import Box, Word
from pipeline.recognition.baselines import fitted_baseline


def _word(text, left, bottom, height=20):
    return Word(text, Box(left, bottom - height, left + 60, bottom), 1.0, "vie")


def test_standing_letters_carry_it() -> None:
    """Descenders hang below; a line that climbs is followed."""
    level = [_word("Nam", 0, 100), _word("gửi", 80, 106), _word("ban", 160, 100)]
    climbing = [_word("Nam", x, 100 + x // 40) for x in (0, 80, 160, 240)]

    assert fitted_baseline(level) == (100.0, 100.0)
    left, right = fitted_baseline(climbing)
    assert left == pytest.approx(99.3, abs=0.3) and right == pytest.approx(106.7, abs=0.3)


def test_without_standing_letters_it_is_estimated() -> None:
    """Only words with descenders: a share of their height above their feet."""
    assert fitted_baseline([_word("gy", 0, 100)]) == (95.6, 95.6)
