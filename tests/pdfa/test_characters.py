"""What a PDF can hold of a text."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from pipeline.pdfa.characters import visual_order, writable

BMP = st.characters(min_codepoint=0x20, max_codepoint=0xFFFF)
VIETNAMESE = st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậẮẰẲẴẶĐ0123456789/-.,()")


@given(st.text(st.one_of(BMP, st.characters())))
def test_writable_text_is_stable(text: str) -> None:
    """What is written is NFC, holds no character that PDF/A forbids, and does not change again."""
    written = writable(text)

    assert writable(written) == written
    assert unicodedata.is_normalized("NFC", written)
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Co", "Cf") for char in written)


@given(st.text(VIETNAMESE))
def test_writable_keeps_vietnamese(text: str) -> None:
    """Composed or decomposed, Vietnamese is written precomposed and whole."""
    assert writable(unicodedata.normalize("NFD", text)) == text


@given(st.text(BMP))
def test_visual_order_keeps_all_characters(text: str) -> None:
    """Turning right-to-left words round neither adds nor loses a character."""
    assert sorted(visual_order(text)) == sorted(text)


def test_left_to_right_words_are_not_turned() -> None:
    """Only words with right-to-left letters are turned, their numbers excepted."""
    assert visual_order("12/GP-UBND") == "12/GP-UBND"
    assert visual_order("אב12") == "12בא"
