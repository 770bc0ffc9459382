"""Evidence of spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.recognition.spelling import evidence, pair_evidence


@pytest.mark.parametrize(
    ("likely", "unlikely"),
    [
        ("tịch", "tich"),
        ("Việt", "Viêt"),
        ("Người", "Ngườii"),
        ("HỘI", "HỌI"),
        ("2026", "202ó"),
        ("5.595.000.000", "5,595.000.000"),
        ("6", "ó"),
        ("Lộc", "Hưng.Lộc"),
        ("+0,45", "*0,45"),
        ("Bắc", "BẮc"),
    ],
)
def test_what_is_printed_weighs_more(likely, unlikely) -> None:
    """Syllables, common ones, whole numbers and clean marks."""
    assert evidence(likely) > evidence(unlikely)


def test_two_syllables_that_make_a_word_weigh_more() -> None:
    """`tổ chức` is a word, `tố chức` is none; a mark between parts them."""
    assert pair_evidence("Tổ", "chức") > pair_evidence("Tố", "chức") == 0
    assert pair_evidence("tổ,", "chức") == 0


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_can_be_weighed(one, other) -> None:
    """Evidence is a small number, whatever was read."""
    assert -10 < evidence(one) < 5
    assert 0 <= pair_evidence(one, other) < 3
