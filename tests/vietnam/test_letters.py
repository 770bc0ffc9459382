"""Vietnamese letters: normal forms, keys, syllables."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.vietnam import letters

VIETNAMESE = st.text(
    alphabet=sorted(letters.VIETNAMESE_LETTERS) + list("bcdghklmnpqrstvx 0123456789/-.,:"),
    max_size=60,
)


def test_the_alphabet_has_146_marked_and_plain_vowels_and_d() -> None:
    """All 73 letters of both cases are single NFC code points."""
    assert len(letters.VIETNAMESE_LETTERS) == 146
    assert all(len(letter) == 1 for letter in letters.VIETNAMESE_LETTERS)


@given(st.text())
def test_normal_forms_are_idempotent(text: str) -> None:
    """Normalising twice changes nothing, whatever the text."""
    assert letters.nfc(letters.nfc(text)) == letters.nfc(text)
    assert letters.fold(letters.fold(text)) == letters.fold(text)
    assert letters.tone_key(letters.tone_key(text)) == letters.tone_key(text)


@given(VIETNAMESE)
def test_folding_keeps_places(text: str) -> None:
    """A span found in the folded text is the same span in the printed text."""
    assert len(letters.fold(text)) == len(letters.nfc(text))


@given(VIETNAMESE)
def test_folding_forgets_the_form_of_the_marks(text: str) -> None:
    """Composed and decomposed text, upper and lower case fold alike."""
    assert letters.fold(unicodedata.normalize("NFD", text)) == letters.fold(text)
    assert letters.fold(text.upper()) == letters.fold(text)


def test_folding_reaches_d_and_its_lookalikes() -> None:
    """Đ has no decomposition, and fonts give eth or African D for it."""
    assert letters.fold("Đặng Ðình Ɖức") == "dang dinh duc"
    assert letters.vietnamese_d("QÐ-UBND Ɖ ð") == "QĐ-UBND Đ đ"


@pytest.mark.parametrize(
    ("one", "other"),
    [("hòa", "hoà"), ("Thúy", "thuý"), ("khỏe", "khoẻ"), ("TÒA ÁN", "toà án"), ("quý", "qúy")],
)
def test_the_place_of_the_tone_does_not_matter(one: str, other: str) -> None:
    """Both schools of tone placement give one key."""
    assert letters.tone_key(one) == letters.tone_key(other)


@pytest.mark.parametrize(("one", "other"), [("Lý", "Lí"), ("hoa", "hòa"), ("ban", "bàn")])
def test_other_words_keep_other_keys(one: str, other: str) -> None:
    """Names with i and y, and words with another tone, stay apart."""
    assert letters.tone_key(one) != letters.tone_key(other)


@pytest.mark.parametrize(
    "word",
    ["Nghị", "gì", "giếng", "quý", "quốc", "thuở", "khuya", "xoong", "ươm", "Đắk", "huých", "uống"],
)
def test_real_syllables_are_accepted(word: str) -> None:
    """Onset, rime and tone of Vietnamese syllables, rare ones too."""
    assert letters.is_syllable(word)


@pytest.mark.parametrize("word", ["Coäng", "hoøa", "tập", "ưung", "xzy", "điòa", "tàp", "W"])
def test_what_no_one_spells_is_refused(word: str) -> None:
    """Garbled fonts and slips are no syllables; a stopped syllable bears no grave."""
    assert letters.is_syllable(word) == (word == "tập")


def test_vietnamese_is_told_from_garbage() -> None:
    """Stripped marks and legacy fonts do not pass for Vietnamese."""
    assert letters.is_vietnamese("Căn cứ Luật Tổ chức chính quyền địa phương; HĐND tỉnh, UBND")
    assert not letters.is_vietnamese("Can cu Luat To chuc chinh quyen dia phuong")
    assert not letters.is_vietnamese("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam")
    assert not letters.is_vietnamese("")


def test_names_in_capitals_get_a_readable_form() -> None:
    """Each syllable is capitalised, marks are kept."""
    assert letters.title_case("NGUYỄN THỊ HỒNG NGỰ") == "Nguyễn Thị Hồng Ngự"
