"""Several networks, one reading."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pipeline.recognition import models
from pipeline.recognition.merging import Heard, merged
from pipeline.recognition.nets import Sight


def _texts(*sights: Sight) -> list[str]:
    return [word.text for word in merged([Heard(one) for one in sights])]


def test_agreed_words_stay(sight) -> None:
    """Two networks that read alike."""
    made = sight("Ủy ban nhân dân")
    words = merged([Heard(made), Heard(replace(made, network="Vietnamese"))])

    assert [word.text for word in words] == ["Ủy", "ban", "nhân", "dân"]
    assert all(word.share > 0.99 and word.networks == ("vie", "Vietnamese") for word in words)


def test_spelling_settles_a_doubt_but_not_a_sure_sight(sight) -> None:
    """`tich` is no syllable; where the mark was hardly seen the reading stays."""
    assert _texts(sight("quốc tich", {6: ("ị", 0.2)})) == ["quốc", "tịch"]
    assert _texts(sight("quốc tich")) == ["quốc", "tich"]


def test_the_word_beside_settles_a_doubt(sight) -> None:
    """`kế từ` and `kể từ`: the pair that is a word wins, and a name keeps what was seen."""
    assert _texts(sight("tố chức", {1: ("ổ", 0.4)})) == ["tổ", "chức"]


def test_no_word_is_made_that_no_network_saw() -> None:
    """Every word is a reading of some network, whatever they see."""
    rng = np.random.default_rng(3)
    signs = models.alphabet("vie")
    for _ in range(20):
        sights = []
        for name in ("vie", "Vietnamese"):
            scores = rng.normal(0, 4, (24, len(signs))).astype(np.float32)
            log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
            sights.append(Sight(name, log_p, 0.0, 3.0))
        for word in merged([Heard(one) for one in sights]):
            assert 0 <= word.share <= 1
            assert word.text and " " not in word.text


def test_a_number_beside_itself_is_one_word(sight) -> None:
    """Two networks that place one figure a little apart do not read it twice."""
    made = sight("tháng 5 năm")
    moved = replace(made, network="Vietnamese", first_px=5.0)

    assert _texts(made, moved) == ["tháng", "5", "năm"]


def test_nothing_is_nothing() -> None:
    """No sight, no word."""
    assert merged([]) == ()
