"""From probabilities along a line to words and other readings."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.recognition import ctc, models
from pipeline.recognition.nets import Sight


def test_words_lie_where_their_signs_are(sight) -> None:
    """Spaces part words; the least sure sign is the word's."""
    first, second = ctc.words(sight("số 12", {1: ("o", 0.3)}))

    assert (first.text, second.text) == ("số", "12")
    assert first.sure == pytest.approx(0.699, abs=0.01)
    assert second.sure > 0.99
    assert first.right < second.left


def test_doubled_signs_need_a_blank(sight) -> None:
    """`11` with a blank between stays two figures."""
    assert ctc.words(sight("2011"))[0].text == "2011"


def test_other_readings_come_with_their_probability(sight) -> None:
    """The second best sign makes the second best reading."""
    made = sight("sổ", {1: ("ố", 0.4)})
    found = ctc.others(made, ctc.words(made)[0])

    assert [text for text, _ in found[:2]] == ["sổ", "số"]
    assert np.exp(found[1][1]) == pytest.approx(0.4, abs=0.02)


def test_nothing_seen_is_no_word() -> None:
    """Blanks only."""
    signs = models.alphabet("vie")
    log_p = np.full((5, len(signs)), -20.0, np.float32)
    log_p[:, signs.index("")] = 0.0

    assert ctc.words(Sight("vie", log_p, 0.0, 3.0)) == ()
