"""Numbers in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.vietnam.letters import fold
from pipeline.vietnam.numerals import number_in_words, words_to_number


@given(st.integers(0, 10**18 - 1))
def test_a_number_survives_its_words(number: int) -> None:
    """Writing out and reading back is the identity, with and without diacritics."""
    words = number_in_words(number)

    assert words_to_number(words) == number
    assert words_to_number(fold(words).upper()) == number


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("bốn tỷ, chín trăm bảy mươi lăm triệu, ba trăm nghìn", 4_975_300_000),
        ("Hai nghìn không trăm hai mươi ba", 2023),
        ("một ngàn chín trăm lẻ năm", 1905),
        ("hai mươi mốt", 21),
        ("hai không hai ba", 2023),
        ("mười lăm", 15),
        ("hai nghìn tỉ", 2_000 * 10**9),
        ("bảy mươi tư", 74),
    ],
)
def test_the_usual_variants_are_read(words: str, number: int) -> None:
    """Lẻ and linh, ngàn and nghìn, tư and bốn, digit by digit."""
    assert words_to_number(words) == number


@pytest.mark.parametrize(
    "words", ["", "một con gà", "trăm", "mười trăm", "triệu hai", "năm mươi mươi"]
)
def test_what_is_no_number_gives_none(words: str) -> None:
    """One foreign word, or number words out of order, and nothing is read."""
    assert words_to_number(words) is None


def test_numbers_without_words_are_refused() -> None:
    """Negative numbers and those of 10^18 and more have no words here."""
    with pytest.raises(ValueError, match="no words"):
        number_in_words(-1)
    with pytest.raises(ValueError, match="no words"):
        number_in_words(10**18)
