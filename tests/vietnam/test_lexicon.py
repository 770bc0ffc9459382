"""How common syllables are."""

from __future__ import annotations

from pipeline.vietnam.lexicon import is_compound, rarity


def test_common_syllables_are_less_rare() -> None:
    """Case and the place of the tone do not matter; an unlisted one is the rarest."""
    assert rarity("Hội") < rarity("họi") == 620
    assert rarity("HOÀ") == rarity("hòa")


def test_words_of_two_syllables_are_known() -> None:
    """In any case, tones on either vowel."""
    assert is_compound("Tổ", "CHỨC")
    assert not is_compound("tố", "chức")
