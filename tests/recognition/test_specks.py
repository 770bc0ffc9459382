"""Specks around words."""

from __future__ import annotations

from pipeline.recognition.specks import clean_word, is_noise


def test_specks_are_taken_off() -> None:
    """Before a letter and after it; marks that belong to the word stay."""
    assert clean_word(".Bản") == "Bản"
    assert clean_word("Nữ_") == "Nữ"
    assert clean_word("(bà):") == "(bà):"
    assert clean_word("Ðức\u200b") == "Đức"


def test_noise_is_told() -> None:
    """Rules and lone dots; a doubtful mark; never a letter."""
    assert is_noise("|", 0.99)
    assert is_noise("%(", 0.3) and not is_noise("%(", 0.8)
    assert not is_noise("a", 0.1)
